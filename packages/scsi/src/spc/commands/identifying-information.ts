/** REPORT IDENTIFYING INFORMATION and SET IDENTIFYING INFORMATION (SPC-5 6.33, 6.47). */
import { be, join } from "../../bytes.ts";
import { bits, uint } from "../../cdb.ts";
import { goodData, invalidFieldInCdb } from "../../completion.ts";
import { chain } from "../../maybe-promise.ts";
import { informationTypes, readInformation, writeInformation } from "../identifying-information.ts";
import { answerWhenKept } from "../keeping.ts";
import { receiveParameterList } from "../parameter-list.ts";
import { spcCommand } from "./command.ts";

/** Asks which types there are. */
const supportedTypes = 0b1111111;

/** A descriptor for each type: the type in bits 7 to 1, and the most bytes it may have. */
const supportedTypesData = join(
  be(0, 2),
  be(informationTypes.size * 4, 2),
  ...[...informationTypes].map(([type, lengthMax]) => join(type << 1, 0, be(lengthMax, 2))),
);

const cdbFields = { length: uint(6, 4), informationType: bits(10, 7, 1) } as const;

export const reportIdentifyingInformation = spcCommand({
  name: "REPORT IDENTIFYING INFORMATION",
  opcode: 0xa3,
  serviceAction: 0x05,
  direction: "in",
  reservation: "ignored",
  cdb: cdbFields,
  execute({ ports }, { length, informationType }) {
    if (informationType === supportedTypes) return goodData(supportedTypesData, length);
    if (!informationTypes.has(informationType)) return invalidFieldInCdb(10, 7);
    const information = readInformation(ports.store, informationType);
    return goodData(join(be(0, 2), be(information.length, 2), information), length);
  },
});

/** The others hear DEVICE IDENTIFIER CHANGED; a list of no bytes takes the information away. */
export const setIdentifyingInformation = spcCommand({
  name: "SET IDENTIFYING INFORMATION",
  opcode: 0xa4,
  serviceAction: 0x06,
  direction: "out",
  cdb: cdbFields,
  execute({ ports, attentions }, { length, informationType }, call) {
    const lengthMax = informationTypes.get(informationType);
    if (lengthMax === undefined) return invalidFieldInCdb(10, 7);
    if (length > lengthMax) return invalidFieldInCdb(6, 7);
    return chain(receiveParameterList(call, length), (list) => {
      if (!(list instanceof Uint8Array)) return list;
      const kept = chain(writeInformation(ports.store, informationType, list), () =>
        attentions.establishForAll("deviceIdentifierChanged", call.nexus),
      );
      return answerWhenKept(kept);
    });
  },
});
