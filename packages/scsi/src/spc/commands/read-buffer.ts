/** READ BUFFER(10) (SPC-5 6.18): header and data, data, descriptor, echo buffer and its descriptor; other modes are refused. */
import { be, join } from "../../bytes.ts";
import { type Cdb, bits, uint } from "../../cdb.ts";
import { check, goodData, invalidFieldInCdb } from "../../completion.ts";
import type { Device } from "../../device.ts";
import type { Completion, Nexus } from "../../task.ts";
import { dataBufferBytes, echoBufferBytes } from "../device-buffers.ts";
import { spcCommand } from "./command.ts";

const layout = {
  mode: bits(1, 4, 0),
  bufferId: uint(2, 1),
  bufferOffset: uint(3, 3),
  allocationLength: uint(6, 3),
} as const;
type Fields = Cdb<typeof layout>;

/** OFFSET BOUNDARY 0: at any byte. */
const capacityOf = (bytes: number) => be(bytes, 3);

/** The one data buffer is number 0. */
function faultOfBuffer({ bufferId, bufferOffset }: Fields): Completion | undefined {
  if (bufferId !== 0) return invalidFieldInCdb(2, 7);
  return bufferOffset > dataBufferBytes ? invalidFieldInCdb(3, 7) : undefined;
}

type Mode = (device: Device, fields: Fields, nexus: Nexus) => Completion;

const readers: ReadonlyMap<number, Mode> = new Map<number, Mode>([
  [
    0x00,
    ({ primary }, fields) => {
      if (fields.bufferId !== 0) return invalidFieldInCdb(2, 7);
      if (fields.bufferOffset !== 0) return invalidFieldInCdb(3, 7);
      const data = primary.buffers.read(0, Math.max(0, fields.allocationLength - 4));
      return goodData(join(0, capacityOf(dataBufferBytes), data), fields.allocationLength);
    },
  ],
  [
    0x02,
    ({ primary }, fields) =>
      faultOfBuffer(fields) ??
      goodData(
        primary.buffers.read(fields.bufferOffset, fields.allocationLength),
        fields.allocationLength,
      ),
  ],
  [
    0x03,
    // A buffer that is none has a descriptor of zeros (SPC-5 6.18.5).
    (_device, { bufferId, allocationLength }) =>
      goodData(join(0, capacityOf(bufferId === 0 ? dataBufferBytes : 0)), allocationLength),
  ],
  [
    0x0a,
    ({ primary }, { allocationLength }, nexus) => {
      const echo = primary.buffers.echo(nexus);
      return echo === undefined ? check("commandSequenceError") : goodData(echo, allocationLength);
    },
  ],
  // EBOS is zero: what one nexus wrote is kept until the same one writes again.
  [0x0b, (_device, { allocationLength }) => goodData(be(echoBufferBytes, 4), allocationLength)],
]);

export const readBuffer = spcCommand({
  name: "READ BUFFER(10)",
  opcode: 0x3c,
  direction: "in",
  reservation: "reads",
  cdb: layout,
  execute(device, fields, { nexus }) {
    const reader = readers.get(fields.mode);
    return reader === undefined ? invalidFieldInCdb(1, 4) : reader(device, fields, nexus);
  },
});
