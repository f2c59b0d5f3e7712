/** Ending a partition's data before its end (one row in the log), or all of the volume's (a new generation). */
import assert from "node:assert/strict";
import { type Disk, errorText, isFull, stopIfBroken } from "./disk.ts";
import {
  closeGeneration,
  createGeneration,
  failGeneration,
  failureOf,
  type Generation,
  type GenerationContext,
  type Partition,
} from "./generation.ts";
import type { EndOfDataRow } from "./log-rows.ts";
import type { Segment } from "./manifest.ts";
import { fault, type MediumFault } from "./port.ts";
import type { Place } from "./positioning.ts";
import { UncertainReplacement } from "./replace-file.ts";
import { segmentHeaderBytes } from "./segment-header.ts";
import {
  generationDirectory,
  volumeDirectory,
  type VolumeFile,
  writeVolumeFile,
} from "./volume-file.ts";

/** A row either was not written (`full`), or its outcome is unknown and the volume must be opened anew. */
const notAppended = (generation: Generation, error: unknown): MediumFault => {
  if (isFull(error)) return fault("full", errorText(error));
  failGeneration(generation, errorText(error));
  return fault("write", errorText(error));
};

/** Nothing was changed, so that this one call fails; but when the new volume.json may count already, all does. */
export const notReplaced = (generation: Generation, error: unknown): MediumFault => {
  stopIfBroken(error);
  if (error instanceof UncertainReplacement) failGeneration(generation, errorText(error));
  return fault(isFull(error) ? "full" : "write", errorText(error));
};

/**
 * Ends the partition's data at `at`. Everything accepted is on stable storage already, so the row below speaks of
 * bytes that will be there. At BOP no segment is left, and the numbers go on. Gives the segments that are no longer
 * part of the volume.
 */
export const cutAt = async (
  generation: Generation,
  partition: Partition,
  at: Place,
): Promise<Segment[] | MediumFault> => {
  const { log } = generation;
  const { manifest } = partition;
  const segment = at.objectNumber === 0 ? undefined : manifest.holding(at.objectNumber - 1);
  assert((segment === undefined) === (at.objectNumber === 0), "what is before a place is known");
  const byteOffset = segmentHeaderBytes + at.byteOffset - (segment?.firstByte ?? 0);
  const { objectNumber, fileNumber } = at;
  const cut = {
    kind: "endOfData",
    partition: partition.number,
    number: segment?.number ?? 0,
    epoch: manifest.epoch + 1,
    objectNumber,
    fileNumber,
    byteOffset,
  } as const;
  try {
    await log.append(cut);
  } catch (error) {
    return notAppended(generation, error);
  }
  try {
    await log.sync();
    manifest.epoch = cut.epoch;
    return await forgetBehind(partition, segment, cut);
  } catch (error) {
    stopIfBroken(error);
    // The row may hold or not: only opening anew can tell.
    failGeneration(generation, errorText(error));
    return fault("write", errorText(error));
  }
};

/** Takes what the row cut away out of memory, and out of the file of the open segment. */
const forgetBehind = async (
  { manifest, writer, reader }: Partition,
  segment: Segment | undefined,
  { objectNumber, fileNumber, byteOffset }: EndOfDataRow,
): Promise<Segment[]> => {
  const kept = segment === undefined ? 0 : manifest.segments.indexOf(segment) + 1;
  const dropped = manifest.dropLast(manifest.segments.length - kept);
  for (const one of dropped) await reader.forget(one);
  const current = writer.current?.segment;
  if (current !== undefined && current !== segment) await writer.dropCurrent();
  if (segment === undefined) return dropped;
  await reader.forget(segment);
  manifest.change(segment, {
    endObject: objectNumber,
    endFilemark: fileNumber,
    usedBytes: byteOffset - segmentHeaderBytes,
    fileBytes: current === segment ? byteOffset : segment.fileBytes,
  });
  if (current === segment) await writer.cutCurrent(objectNumber, byteOffset);
  return dropped;
};

/** A partition's capacity as a generation is made with it; undefined: the volume's, for the only one. */
export type Capacities = readonly (number | undefined)[];

/**
 * Begins a new, empty generation: made and synced beside the old one, then named in volume.json, and only then is the
 * old one removed. The old generation's writers are synced, and not used again unless this fails before anything refers
 * to the new one; the next try makes its folder anew.
 */
export const nextGeneration = async (
  context: GenerationContext,
  file: VolumeFile,
  old: Generation,
  capacitiesBytes: Capacities,
): Promise<{ readonly generation: Generation; readonly file: VolumeFile } | MediumFault> => {
  const { disk, root, barcode } = context;
  let generation: Generation;
  try {
    generation = await createGeneration(context, old.number + 1, capacitiesBytes);
  } catch (error) {
    return notReplaced(old, error);
  }
  const named = { ...file, generation: generation.number };
  try {
    await writeVolumeFile(disk, volumeDirectory(root, barcode), named);
  } catch (error) {
    await generation.log.close();
    const failed = notReplaced(old, error);
    const unreferred = failureOf(old) === undefined;
    if (unreferred)
      await removeTreeIfPossible(disk, generationDirectory(root, barcode, named.generation));
    return failed;
  }
  await closeGeneration(old);
  await removeTreeIfPossible(disk, generationDirectory(root, barcode, old.number));
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
