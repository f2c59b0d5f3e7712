/** Ending the data before its end: inside a generation (one row in the log), or all of it (a new generation). */
import assert from "node:assert/strict";
import { type Disk, errorText, isFull, stopIfBroken } from "./disk.ts";
import { createGeneration, type Generation, type GenerationContext } from "./generation.ts";
import type { Segment } from "./manifest.ts";
import { fault, type MediumFault } from "./port.ts";
import type { Place } from "./positioning.ts";
import { segmentHeaderBytes } from "./segment-header.ts";
import { volumeDirectory, type VolumeFile, writeVolumeFile } from "./volume-file.ts";

/** A cut either did not happen (`full`), or its outcome is unknown and the volume must be opened anew. */
const refused = (generation: Generation, error: unknown): MediumFault => {
  if (isFull(error)) return fault("full", errorText(error));
  generation.writer.fail(errorText(error));
  return fault("write", errorText(error));
};

/**
 * Ends the data at `at`, which is behind the first object. Everything accepted is on stable storage already, so the
 * row below speaks of bytes that will be there. Gives the segments that are no longer part of the volume.
 */
export const cutAt = async (
  generation: Generation,
  at: Place,
): Promise<Segment[] | MediumFault> => {
  const { manifest, log, writer, reader } = generation;
  const segment = manifest.holding(at.objectNumber - 1);
  assert(segment !== undefined);
  const byteOffset = segmentHeaderBytes + at.byteOffset - segment.firstByte;
  const epoch = manifest.epoch + 1;
  const { objectNumber, fileNumber } = at;
  const { number } = segment;
  try {
    const row = { kind: "endOfData", partition: 0, number, epoch } as const;
    await log.append({ ...row, objectNumber, fileNumber, byteOffset });
  } catch (error) {
    return refused(generation, error);
  }
  try {
    await log.sync();
    await reader.forget(segment);
    manifest.epoch = epoch;
    const behind = manifest.segments.length - 1 - manifest.segments.indexOf(segment);
    const dropped = manifest.dropLast(behind);
    for (const one of dropped) await reader.forget(one);
    const current = writer.current?.segment;
    if (current !== undefined && current !== segment) await writer.dropCurrent();
    manifest.change(segment, {
      endObject: objectNumber,
      endFilemark: fileNumber,
      usedBytes: at.byteOffset - segment.firstByte,
      fileBytes: current === segment ? byteOffset : segment.fileBytes,
    });
    if (current === segment) await writer.cutCurrent(objectNumber, byteOffset);
    return dropped;
  } catch (error) {
    stopIfBroken(error);
    // The row may hold or not: only opening anew can tell.
    writer.fail(errorText(error));
    return fault("write", errorText(error));
  }
};

/**
 * Begins a new, empty generation: made and synced beside the old one, then named in volume.json, and only then is the
 * old one removed. The old generation's writer is synced and is not used again.
 */
export const nextGeneration = async (
  context: GenerationContext,
  file: VolumeFile,
  old: Generation,
): Promise<{ readonly generation: Generation; readonly file: VolumeFile } | MediumFault> => {
  const { disk, root, barcode } = context;
  let generation: Generation;
  try {
    generation = await createGeneration(context, old.number + 1);
  } catch (error) {
    return refused(old, error);
  }
  const named = { ...file, generation: generation.number };
  try {
    await writeVolumeFile(disk, volumeDirectory(root, barcode), named);
  } catch (error) {
    await generation.log.close();
    // It may have been renamed already: only opening anew can tell.
    old.writer.fail(errorText(error));
    return fault("write", errorText(error));
  }
  await old.reader.release();
  await old.writer.close();
  await old.log.close();
  await removeTreeIfPossible(disk, `${volumeDirectory(root, barcode)}/g${old.number}`);
  return { generation, file: named };
};

/** What cannot be removed now is removed by the next opening. */
const removeTreeIfPossible = async (disk: Disk, path: string): Promise<void> => {
  try {
    await disk.removeTree(path);
  } catch {
    // A stray generation is in nobody's way: volume.json names the one that counts.
  }
};

/** Removes what a crash left beside the generation that counts. */
export const removeStrayGenerations = async (
  disk: Disk,
  directory: string,
  generation: number,
): Promise<void> => {
  let removed = false;
  for (const name of await disk.readdir(directory)) {
    const stray = (/^g\d+$/.test(name) && name !== `g${generation}`) || name.endsWith(".tmp");
    if (!stray) continue;
    await disk.removeTree(`${directory}/${name}`);
    removed = true;
  }
  await disk.removeTree(`${directory}/g${generation}/volume.log.tmp`);
  if (removed) await disk.syncDirectory(directory);
};
