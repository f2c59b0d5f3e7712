/**
 * A disk in memory, for the tests of others that want one: those of iscsi-test-cu read and write blocks, which a tape cannot.
 * Only its blocks are its own (SBC-4): INQUIRY, mode pages, reservations, prevention, unit attentions, the queue and the
 * gates are those of packages/scsi, so that what is tested on it is the product.
 */
import {
  type Identity,
  ScsiDevice,
  type VpdPage,
  inOrder,
  peripheralDeviceType,
  primaryUnit,
  spcCommands,
} from "@reelhouse/scsi";
import { COMPARE_BLOCKS_MAX, blockCommands } from "./block-commands.ts";
import { newDiskMemory } from "./disk-memory.ts";
import { unitCommands } from "./unit-commands.ts";

const version = { sam5: 0x00a0, spc4: 0x0460, sbc3: 0x04c0, iscsi: 0x0960 } as const;
const PAGE_BYTES = 60;

const blockLimits: VpdPage = {
  pageCode: 0xb0,
  name: "Block Limits",
  data() {
    const bytes = new Uint8Array(PAGE_BYTES);
    bytes[1] = COMPARE_BLOCKS_MAX;
    return bytes;
  },
};
const blockDeviceCharacteristics: VpdPage = {
  pageCode: 0xb1,
  name: "Block Device Characteristics",
  data: () => new Uint8Array(PAGE_BYTES),
};

const identityOf = (targetName: string): Identity => ({
  vendor: "REELHOUS",
  product: "TEST ONLY DISK",
  revision: "0001",
  serialNumber: "RHDISK01",
  naa: 0x3052_4844_0000_0001n,
  targetName,
  portalGroupTags: [1],
});

/** An empty disk behind a target of that name. */
export function ramDisk(targetName: string): ScsiDevice {
  const memory = newDiskMemory();
  const commands = inOrder([...spcCommands, ...unitCommands(memory), ...blockCommands(memory)]);
  return new ScsiDevice(
    primaryUnit({
      deviceType: peripheralDeviceType.directAccess,
      identity: identityOf(targetName),
      versionDescriptors: Object.values(version),
      commands,
      vpdPages: [blockLimits, blockDeviceCharacteristics],
      modePages: [],
    }),
  );
}
