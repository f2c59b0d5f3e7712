/** The files of events in the outbox: named for their first sequence, a line of JSON an event. */
import { readFile } from "node:fs/promises";
import { gatewayEvent } from "@reelhouse/contracts";
import type { GatewayEvent } from "@reelhouse/contracts";

/** Sixteen digits, so that names in order are events in order. */
export const linesName = (firstSequence: number): string =>
  `${String(firstSequence).padStart(16, "0")}.jsonl`;

export const isOutboxLines = (name: string): boolean => name.endsWith(".jsonl");

export const firstSequenceOf = (name: string): number => Number.parseInt(name, 10);

export const toLines = (events: readonly GatewayEvent[]): Buffer =>
  Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(""));

export interface Lines {
  readonly events: readonly GatewayEvent[];
  /** Bytes of the file up to the end of the last whole line; what follows was torn. */
  readonly wholeBytes: number;
}

export async function readLines(file: string): Promise<Lines> {
  const text = await readFile(file, "utf8");
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  const lines = whole.split("\n").filter((line) => line !== "");
  return {
    events: lines.map((line) => gatewayEvent.parse(JSON.parse(line))),
    wholeBytes: Buffer.byteLength(whole),
  };
}
