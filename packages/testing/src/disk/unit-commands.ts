/** TEST UNIT READY, START STOP UNIT and READ CAPACITY (SBC-4 5) of the RAM disk. */
import { bit, bits, check, good, goodData, uint } from "@reelhouse/scsi";
import { type DiskRow, diskCommand, onMedium } from "./disk-command.ts";
import { BLOCKS, BLOCK_BYTES, type DiskMemory } from "./disk-memory.ts";

const testUnitReady = (memory: DiskMemory): DiskRow =>
  diskCommand({
    name: "TEST UNIT READY",
    opcode: 0x00,
    direction: "none",
    reservation: "persistent",
    cdb: {},
    execute: onMedium(memory, () => good()),
  });

/** LOEJ and START move the medium; power conditions there are none, and it spins or stands all the same. */
const startStopUnit = (memory: DiskMemory): DiskRow =>
  diskCommand({
    name: "START STOP UNIT",
    opcode: 0x1b,
    direction: "none",
    cdb: {
      immed: bit(1, 0),
      powerConditionModifier: bits(3, 3, 0),
      powerCondition: bits(4, 7, 4),
      noFlush: bit(4, 2),
      loej: bit(4, 1),
      start: bit(4, 0),
    },
    execute({ preventing, attentions }, { powerCondition, loej, start }, { nexus }) {
      if (!loej || powerCondition !== 0) return good();
      if (preventing.size > 0) return check("mediumRemovalPrevented");
      if (start && memory.ejected) attentions.establishForAll("notReadyToReadyChange", nexus);
      memory.ejected = !start;
      return good();
    },
  });

function capacity(lbaBytes: 4 | 8, length: number): Buffer {
  const data = Buffer.alloc(length);
  data.writeUIntBE(BLOCKS - 1, lbaBytes - 4, 4);
  data.writeUInt32BE(BLOCK_BYTES, lbaBytes);
  return data;
}

const readCapacity10 = (memory: DiskMemory): DiskRow =>
  diskCommand({
    name: "READ CAPACITY(10)",
    opcode: 0x25,
    direction: "in",
    reservation: "ignored",
    cdb: {},
    execute: onMedium(memory, () => goodData(capacity(4, 8), 8)),
  });

const readCapacity16 = (memory: DiskMemory): DiskRow =>
  diskCommand({
    name: "READ CAPACITY(16)",
    opcode: 0x9e,
    serviceAction: 0x10,
    direction: "in",
    reservation: "ignored",
    cdb: { allocationLength: uint(10, 4) },
    execute: onMedium(memory, ({ allocationLength }) =>
      goodData(capacity(8, 32), allocationLength),
    ),
  });

export const unitCommands = (memory: DiskMemory): readonly DiskRow[] => [
  testUnitReady(memory),
  startStopUnit(memory),
  readCapacity10(memory),
  readCapacity16(memory),
];
