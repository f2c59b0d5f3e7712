/** REPORT TIMESTAMP and SET TIMESTAMP (SPC-5 6.40, 6.50). */
import { be, join, readBe } from "../../bytes.ts";
import { uint } from "../../cdb.ts";
import { check, good, goodData } from "../../completion.ts";
import { chain } from "../../maybe-promise.ts";
import { receiveParameterList } from "../parameter-list.ts";
import { spcCommand } from "./command.ts";

const dataLength = 10;
const timestampOffset = 4;
const timestampWidth = 6;
const parameterListLengthMin = 12;

export const reportTimestamp = spcCommand({
  name: "REPORT TIMESTAMP",
  opcode: 0xa3,
  serviceAction: 0x0f,
  direction: "in",
  reservation: "ignored",
  cdb: { allocationLength: uint(6, 4) },
  execute({ primary: { clock } }, { allocationLength }) {
    const timestamp = be(clock.timestampMs, timestampWidth);
    const data = join(be(dataLength, 2), clock.origin, 0, timestamp, 0, 0);
    return goodData(data, allocationLength);
  },
});

/** The others hear TIMESTAMP CHANGED. */
export const setTimestamp = spcCommand({
  name: "SET TIMESTAMP",
  opcode: 0xa4,
  serviceAction: 0x0f,
  direction: "out",
  cdb: { parameterListLength: uint(6, 4) },
  execute({ primary, attentions }, { parameterListLength }, call) {
    if (parameterListLength === 0) return good();
    return chain(receiveParameterList(call, parameterListLength), (list) => {
      if (!(list instanceof Uint8Array)) return list;
      if (list.length < parameterListLengthMin) return check("parameterListLengthError");
      primary.clock.set(readBe(list, timestampOffset, timestampWidth));
      attentions.establishForAll("timestampChanged", call.nexus);
      return good();
    });
  },
});
