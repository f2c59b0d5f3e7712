/** SEND VOLUME TAG (SMC-3 6.15): looks for volumes by a template; REQUEST VOLUME ELEMENT ADDRESS fetches what was found. */
import { join, readBe } from "../../bytes.ts";
import { bits, uint } from "../../cdb.ts";
import { check, good, invalidFieldInCdb } from "../../completion.ts";
import { chain } from "../../maybe-promise.ts";
import { elementTypeByCode } from "../elements/element-types.ts";
import { isTranslate, matcher } from "../volume-search.ts";
import { smcCommand } from "./command.ts";

const parameterListLengthOfTranslate = 40;
const templateLength = 32;
const minimumSequenceNumberOffset = 34;

/** Spaces and zeros fill the template up. */
const templateOf = (list: Uint8Array): string =>
  Buffer.from(list.subarray(0, templateLength))
    .toString("latin1")
    .replace(/[\0 ]+$/u, "");

export const sendVolumeTag = smcCommand({
  name: "SEND VOLUME TAG",
  opcode: 0xb6,
  direction: "out",
  cdb: {
    elementTypeCode: bits(1, 3, 0),
    startingElementAddress: uint(2, 2),
    sendActionCode: bits(5, 4, 0),
    parameterListLength: uint(8, 2),
  },
  execute(changer, cdb, call) {
    const { sendActionCode, parameterListLength } = cdb;
    const type = elementTypeByCode(cdb.elementTypeCode);
    if (type === undefined) return invalidFieldInCdb(1, 3);
    if (!isTranslate(sendActionCode)) return invalidFieldInCdb(5, 4);
    if (parameterListLength !== parameterListLengthOfTranslate) {
      return check("parameterListLengthError");
    }
    return chain(call.receiveDataOut(parameterListLength), (data) => {
      const list = join(...data.views);
      data.release();
      if (list.length < parameterListLength) return check("parameterListLengthError");
      const minimum = readBe(list, minimumSequenceNumberOffset, 2);
      changer.volumeSearches.set(call.nexus, {
        sendActionCode,
        type,
        firstAddress: cdb.startingElementAddress,
        matches: matcher(sendActionCode, templateOf(list), minimum),
      });
      return good();
    });
  },
});
