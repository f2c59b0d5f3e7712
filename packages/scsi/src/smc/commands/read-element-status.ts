/** READ ELEMENT STATUS (SMC-3 6.11): what lies where, with volume tags and the drives' identities when asked for. */
import { bit, bits, uint } from "../../cdb.ts";
import { goodData, invalidFieldInCdb } from "../../completion.ts";
import { elementStatusData } from "../elements/element-status.ts";
import { elementTypeByCode } from "../elements/element-types.ts";
import { smcCommand } from "./command.ts";

const curdata = bit(6, 1);

/** CURDATA asks not to move anything for the answer; nothing ever moves for it. */
export const readElementStatus = smcCommand({
  name: "READ ELEMENT STATUS",
  opcode: 0xb8,
  direction: "in",
  // Without CURDATA it may move cartridges (SMC-3 table 10).
  reservation: (cdb) => (curdata.read(cdb) ? "ignored" : "conflict"),
  cdb: {
    voltag: bit(1, 4),
    elementTypeCode: bits(1, 3, 0),
    startingElementAddress: uint(2, 2),
    numberOfElements: uint(4, 2),
    curdata,
    dvcid: bit(6, 0),
    allocationLength: uint(7, 3),
  },
  execute(changer, cdb) {
    const type = elementTypeByCode(cdb.elementTypeCode);
    if (type === undefined) return invalidFieldInCdb(1, 3);
    const { startingElementAddress, numberOfElements, allocationLength, voltag, dvcid } = cdb;
    const { robot, model, openElements: open } = changer;
    const elements = robot.elements(type, startingElementAddress, numberOfElements);
    const data = elementStatusData(elements, { voltag, dvcid, model, open }, allocationLength);
    return goodData(data, allocationLength);
  },
});
