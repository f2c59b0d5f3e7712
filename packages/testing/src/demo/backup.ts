/** A backup program in small: a tree to a tape, and back. Commands one at a time, asked again when told "not now". */
import { once } from "node:events";
import { patiently } from "../patience.ts";
import type { ScsiDevice } from "../scsi-device.ts";
import type { Tape } from "../tape.ts";
import { blocksOf } from "./blocks.ts";
import type { SourceTree } from "./source-tree.ts";
import { createTar, extractTar } from "./tar.ts";

export const BLOCK_BYTES = 256 * 1024;

/** A full cache holds writes back until the uploader has made room; a recall may have to fetch a whole segment. */
const PATIENCE_MS = 60_000;

export interface Progress {
  bytes: number;
  blocks: number;
  /** How often the drive said "not now". */
  refusals: number;
}

export const newProgress = (): Progress => ({ bytes: 0, blocks: 0, refusals: 0 });

const patience = (progress: Progress) => ({
  timeoutMs: PATIENCE_MS,
  waited: () => {
    progress.refusals += 1;
  },
});

/** Ready, and at BOP. */
export const ready = async (drive: Tape): Promise<void> => {
  await drive.waitUntilReady(PATIENCE_MS);
  await drive.setBlockLength(0);
  await drive.rewind();
};

/** Writes blocks and a filemark; when it returns all of them are on stable storage. */
export const writeFile = async (
  drive: Tape,
  blocks: AsyncIterable<Buffer> | Iterable<Buffer>,
  progress: Progress,
): Promise<void> => {
  for await (const block of blocks) {
    await patiently(() => drive.write(block), patience(progress));
    progress.bytes += block.length;
    progress.blocks += 1;
  }
  await patiently(() => drive.writeFilemarks(1), patience(progress));
};

/** `tar -c | drive`. */
export const backUp = async (
  drive: Tape,
  tree: SourceTree,
  listPath: string,
  progress: Progress,
): Promise<void> => {
  const tar = createTar(tree, listPath);
  await Promise.all([writeFile(drive, blocksOf(tar.stream, BLOCK_BYTES), progress), tar.ended]);
};

/** `drive | tar -x`, to the first filemark. */
export const restore = async (drive: Tape, folder: string, progress: Progress): Promise<void> => {
  const tar = extractTar(folder);
  const feed = async () => {
    for (;;) {
      const outcome = await patiently(() => drive.read(BLOCK_BYTES), patience(progress));
      if (outcome.kind !== "block") break;
      progress.bytes += outcome.data.length;
      progress.blocks += 1;
      if (!tar.stream.write(outcome.data)) await once(tar.stream, "drain");
    }
    tar.stream.end();
  };
  await Promise.all([feed(), tar.ended]);
};

/** Unloads the drive; the changer may take the cartridge then. */
export const eject = async (drive: Tape): Promise<void> => {
  await patiently(() => drive.unload(), { timeoutMs: PATIENCE_MS });
};

/** Unit attentions of a new session are no news to a program that has just come. */
export const greet = async <D extends ScsiDevice>(device: D): Promise<D> => {
  await device.clearUnitAttentions();
  return device;
};
