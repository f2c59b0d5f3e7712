/** WRITE BUFFER(10) (SPC-5 6.52): header and data, data, echo buffer. There is no microcode to take. */
import type { Call } from "../../call.ts";
import { type Cdb, bits, uint } from "../../cdb.ts";
import { check, good, invalidFieldInCdb } from "../../completion.ts";
import type { Device } from "../../device.ts";
import { chain } from "../../maybe-promise.ts";
import type { Completion } from "../../task.ts";
import { dataBufferBytes, echoBufferBytes } from "../device-buffers.ts";
import { receiveParameterList } from "../parameter-list.ts";
import { spcCommand } from "./command.ts";

const layout = {
  mode: bits(1, 4, 0),
  bufferId: uint(2, 1),
  bufferOffset: uint(3, 3),
  parameterListLength: uint(6, 3),
} as const;
type Fields = Cdb<typeof layout>;

/** Bytes before the data in mode 00h; all reserved. */
const headerLength = 4;

interface Mode {
  readonly fault: (fields: Fields) => Completion | undefined;
  readonly write: (device: Device, fields: Fields, list: Uint8Array, call: Call) => void;
}

const dataFault = ({ bufferId, bufferOffset, parameterListLength }: Fields, bytesMax: number) => {
  if (bufferId !== 0) return invalidFieldInCdb(2, 7);
  if (bufferOffset > dataBufferBytes) return invalidFieldInCdb(3, 7);
  return bufferOffset + parameterListLength > bytesMax ? invalidFieldInCdb(6, 7) : undefined;
};

const combined: Mode = {
  fault: (fields) => {
    if (fields.bufferOffset !== 0) return invalidFieldInCdb(3, 7);
    const { parameterListLength: length } = fields;
    if (length > 0 && length < headerLength) return check("parameterListLengthError");
    return dataFault(fields, headerLength + dataBufferBytes);
  },
  write: ({ primary }, _fields, list) => primary.buffers.write(0, list.subarray(headerLength)),
};

const data: Mode = {
  fault: (fields) => dataFault(fields, dataBufferBytes),
  write: ({ primary }, { bufferOffset }, list) => primary.buffers.write(bufferOffset, list),
};

const echo: Mode = {
  fault: ({ parameterListLength }) =>
    parameterListLength > echoBufferBytes ? invalidFieldInCdb(6, 7) : undefined,
  write: ({ primary }, _fields, list, { nexus }) => primary.buffers.writeEcho(nexus, list),
};

const writers: ReadonlyMap<number, Mode> = new Map([
  [0x00, combined],
  [0x02, data],
  [0x0a, echo],
]);

export const writeBuffer = spcCommand({
  name: "WRITE BUFFER(10)",
  opcode: 0x3b,
  direction: "out",
  cdb: layout,
  execute(device, fields, call) {
    const writer = writers.get(fields.mode);
    if (writer === undefined) return invalidFieldInCdb(1, 4);
    const fault = writer.fault(fields);
    if (fault !== undefined) return fault;
    const lengthMax = headerLength + dataBufferBytes;
    return chain(receiveParameterList(call, fields.parameterListLength, lengthMax), (list) => {
      if (!(list instanceof Uint8Array)) return list;
      writer.write(device, fields, list, call);
      return good();
    });
  },
});
