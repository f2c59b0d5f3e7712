/**
 * Telling a log that rotted from one that a crash tore. What a crash leaves behind a torn row was not synced: of rows that
 * are synced before the next of their kind is written it is one at most. Where there are two, the first was synced, and
 * with it all before: the row that is not whole was whole once.
 */
import type { DiskFile } from "./disk.ts";
import { decodeLogRow, type LogRow, mayBeLogRow } from "./log-rows.ts";

/** Far more than a process has unsynced in a log. */
const searchBytes = 4 * 1024 * 1024;

/** What is synced before the next of it is written: sealings of a partition, and all that goes through a volume's queue. */
const syncedWith = (row: LogRow): string | undefined => {
  if (row.kind === "segment")
    return row.state === "sealed" ? `sealing of partition ${row.partition}` : undefined;
  return row.kind === "receipt" || row.kind === "endOfData" ? "the queue" : undefined;
};

/** Whether rows stand behind `end`, where the first one that is not whole begins, that prove it was. */
export const isRotten = async (file: DiskFile, end: number): Promise<boolean> => {
  const buffer = Buffer.alloc(searchBytes);
  const bytes = buffer.subarray(0, await file.read(buffer, end));
  const seen = new Set<string>();
  for (let offset = 1; offset < bytes.length;) {
    const decoded = mayBeLogRow(bytes, offset) ? decodeLogRow(bytes, offset) : "torn";
    if (typeof decoded !== "object") {
      offset += 1;
      continue;
    }
    offset += decoded.rowBytes;
    const sequence = syncedWith(decoded.row);
    if (sequence === undefined) continue;
    if (seen.has(sequence)) return true;
    seen.add(sequence);
  }
  return false;
};
