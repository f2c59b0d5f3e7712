/** REQUEST VOLUME ELEMENT ADDRESS (SMC-3 6.13): where the volumes are that this nexus looked for by SEND VOLUME TAG. */
import { bit, bits, uint } from "../../cdb.ts";
import { check, goodData, invalidFieldInCdb } from "../../completion.ts";
import { elementTypeByCode } from "../elements/element-types.ts";
import { elementStatusData } from "../elements/element-status.ts";
import { isFound } from "../volume-search.ts";
import { smcCommand } from "./command.ts";

const allElements = 0x1_0000;

export const requestVolumeElementAddress = smcCommand({
  name: "REQUEST VOLUME ELEMENT ADDRESS",
  opcode: 0xb5,
  direction: "in",
  cdb: {
    voltag: bit(1, 4),
    elementTypeCode: bits(1, 3, 0),
    elementAddress: uint(2, 2),
    numberOfElements: uint(4, 2),
    allocationLength: uint(7, 3),
  },
  execute(changer, cdb, { nexus }) {
    const type = elementTypeByCode(cdb.elementTypeCode);
    if (type === undefined) return invalidFieldInCdb(1, 3);
    const search = changer.volumeSearches.get(nexus);
    if (search === undefined) return check("commandSequenceError");
    const { robot, model, openElements: open } = changer;
    const first = Math.max(cdb.elementAddress, search.firstAddress);
    const found = robot
      .elements(search.type, first, allElements)
      .filter((element) => isFound(search, element) && (type === "all" || element.type === type))
      .slice(0, cdb.numberOfElements);
    const options = { voltag: cdb.voltag, dvcid: false, model, open };
    const { sendActionCode } = search;
    const data = elementStatusData(found, options, cdb.allocationLength, sendActionCode);
    return goodData(data, cdb.allocationLength);
  },
});
