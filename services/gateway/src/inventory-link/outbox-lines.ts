/** The files of events in the outbox: named for their first sequence, a line of JSON an event. */
import { readFile } from "node:fs/promises";
import type { GatewayEvent } from "@reelhouse/contracts";
import { errorCode } from "@reelhouse/service-kit";

const newline = 0x0a;

/** Sixteen digits, so that names in order are events in order. */
export const linesName = (firstSequence: number): string =>
  `${String(firstSequence).padStart(16, "0")}.jsonl`;

export const isOutboxLines = (name: string): boolean => /^\d{16}\.jsonl$/.test(name);

export const firstSequenceOf = (name: string): number => Number.parseInt(name, 10);

export const toLine = (event: GatewayEvent): Buffer => Buffer.from(`${JSON.stringify(event)}\n`);

export interface Lines {
  /** Dense, from the sequence the file is named for. */
  readonly events: readonly GatewayEvent[];
  /** Of each event's line. */
  readonly lineBytes: readonly number[];
  /** Bytes of the file up to the end of the last good line. */
  readonly goodBytes: number;
  /** A whole line that is not the event due there: more than a write that power loss tore. */
  readonly damaged: boolean;
}

/**
 * The lines were checked when they were made. Here only what disks do to files matters, so a line is good when it is JSON
 * with the sequence due.
 */
function parseLine(line: string, sequence: number): GatewayEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isEvent(value, sequence) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isEvent = (value: unknown, sequence: number): value is GatewayEvent =>
  typeof value === "object" &&
  value !== null &&
  "sequence" in value &&
  value.sequence === sequence &&
  "body" in value;

/** The good lines at the beginning of a file named for its first sequence; none when it is gone. */
export async function readLines(file: string, firstSequence: number): Promise<Lines> {
  const bytes = await readIfThere(file);
  const events: GatewayEvent[] = [];
  const lineBytes: number[] = [];
  let goodBytes = 0;
  for (;;) {
    const end = bytes.indexOf(newline, goodBytes);
    if (end === -1) return { events, lineBytes, goodBytes, damaged: false };
    const event = parseLine(bytes.toString("utf8", goodBytes, end), firstSequence + events.length);
    if (event === undefined) return { events, lineBytes, goodBytes, damaged: true };
    events.push(event);
    lineBytes.push(end + 1 - goodBytes);
    goodBytes = end + 1;
  }
}

const readIfThere = (file: string): Promise<Buffer> =>
  readFile(file).catch((error: unknown) => {
    if (errorCode(error) !== "ENOENT") throw error;
    return Buffer.alloc(0);
  });
