/** Rewriting a log when most of it says nothing any more. */
import { errorText, stopIfBroken } from "./disk.ts";
import { logCompactBytesMin } from "./limits.ts";
import type { LogRow } from "./log-rows.ts";
import type { Manifest, Segment } from "./manifest.ts";
import { UncertainReplacement } from "./replace-file.ts";
import { segmentHeaderBytes } from "./segment-header.ts";
import { segmentRow } from "./segment-steps.ts";
import type { SegmentWriter } from "./segment-writer.ts";
import type { VolumeLog } from "./volume-log.ts";

interface Compacted {
  readonly manifest: Manifest;
  readonly writer: SegmentWriter;
}

const liveBytes = (partitions: readonly Compacted[]): number => {
  let bytes = 0;
  for (const { manifest } of partitions) {
    for (const segment of manifest.segments) {
      bytes += 80 + segment.receiptBytes + (segment.digestAt < 0 ? 0 : 48);
    }
  }
  return bytes;
};

/** What stands for every cut of the open segment before: what is behind must be of this epoch. */
const endOfOpen = ({ partition, number, usedBytes }: Segment, manifest: Manifest): LogRow => ({
  kind: "endOfData",
  partition,
  number,
  epoch: manifest.epoch,
  objectNumber: manifest.endObject,
  fileNumber: manifest.endFilemark,
  byteOffset: segmentHeaderBytes + usedBytes,
});

const liveRows = (partitions: readonly Compacted[]): LogRow[] => {
  const rows: LogRow[] = [];
  for (const { manifest, writer } of partitions) {
    for (const segment of manifest.segments) rows.push(segmentRow(segment));
    if (writer.current !== undefined) rows.push(endOfOpen(writer.current.segment, manifest));
  }
  return rows;
};

/**
 * Rewrites the log, when more than half of it is dead, with `first` and what is alive. The writers are clean: what the
 * rows say is taken before anything else can be accepted, and rows of later steps wait for their turn behind the new
 * log. Says why when it is unknown which log holds, which only opening anew tells; what failed before that changed
 * nothing, and is tried again after the next seal.
 */
export const compactLog = async (
  log: VolumeLog,
  partitions: readonly Compacted[],
  first: readonly LogRow[],
): Promise<string | undefined> => {
  if (log.bytes <= logCompactBytesMin || log.bytes <= 2 * liveBytes(partitions)) return undefined;
  const isLive = (row: LogRow, offset: number): boolean => {
    if (row.kind !== "receipt" && row.kind !== "digest") return false;
    const segment = partitions[row.partition]?.manifest.byNumber(row.number);
    return segment?.receiptAt === offset || segment?.digestAt === offset;
  };
  const rows = [...first, ...liveRows(partitions)];
  try {
    await log.compact(rows, isLive, (moves) => {
      for (const { manifest } of partitions) {
        for (const segment of manifest.segments) {
          segment.receiptAt = moves.get(segment.receiptAt) ?? -1;
          segment.digestAt = moves.get(segment.digestAt) ?? -1;
        }
      }
    });
    return undefined;
  } catch (error) {
    stopIfBroken(error);
    return error instanceof UncertainReplacement ? `compaction: ${errorText(error)}` : undefined;
  }
};
