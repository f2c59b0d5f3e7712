/**
 * The outbox on disk: events in order, kept until the inventory has them.
 *
 *   outbox/identity.json        { outboxId }: new when the disk is new
 *   outbox/accepted             the last sequence the inventory has stored (8 bytes of decimal text and a newline)
 *   outbox/<first sequence>.jsonl  events, a line each; a new file after `fileBytesMax`; removed when all are accepted
 *
 * A torn last line (power loss while appending) is cut at the next start: it was never said to be durable.
 */
import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, readdir, unlink } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import path from "node:path";
import { gatewayEvent } from "@reelhouse/contracts";
import type { GatewayEvent } from "@reelhouse/contracts";
import { replaceFile } from "@reelhouse/service-kit";
import { z } from "zod";

/** Small enough that a removed file frees space soon, large enough that a night's events make few files. */
const fileBytesMax = 4 * 1024 * 1024;

export interface OutboxFile {
  /** Changes with `renew`. */
  readonly outboxId: string;
  readonly lastSequence: number;
  readonly acceptedThrough: number;
  /** Appends lines and puts them on stable storage. */
  append(events: readonly GatewayEvent[]): Promise<void>;
  /** Events after `sequence`, at most `countMax`, in order. */
  read(sequence: number, countMax: number): Promise<GatewayEvent[]>;
  accept(sequence: number): Promise<void>;
  /** Forgets all events and takes a new id: the receiver and we no longer agree on what was told. */
  renew(): Promise<void>;
  close(): Promise<void>;
}

const fileName = (firstSequence: number) => `${String(firstSequence).padStart(16, "0")}.jsonl`;
const firstSequenceOf = (name: string) => Number.parseInt(name, 10);

async function readEvents(file: string): Promise<{ events: GatewayEvent[]; wholeBytes: number }> {
  const text = await readFile(file, "utf8");
  const end = text.lastIndexOf("\n") + 1;
  const lines = text
    .slice(0, end)
    .split("\n")
    .filter((line) => line !== "");
  return {
    events: lines.map((line) => gatewayEvent.parse(JSON.parse(line))),
    wholeBytes: Buffer.byteLength(text.slice(0, end)),
  };
}

async function readIdentity(directory: string): Promise<string> {
  const file = path.join(directory, "identity.json");
  try {
    return z.object({ outboxId: z.uuid() }).parse(JSON.parse(await readFile(file, "utf8")))
      .outboxId;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return newIdentity(directory);
  }
}

async function newIdentity(directory: string): Promise<string> {
  const outboxId = randomUUID();
  await replaceFile(path.join(directory, "identity.json"), JSON.stringify({ outboxId }));
  return outboxId;
}

async function readAccepted(directory: string): Promise<number> {
  try {
    return z.coerce
      .number()
      .int()
      .min(0)
      .parse((await readFile(path.join(directory, "accepted"), "utf8")).trim());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return 0;
  }
}

export async function openOutboxFile(directory: string): Promise<OutboxFile> {
  await mkdir(directory, { recursive: true });
  let outboxId = await readIdentity(directory);
  let acceptedThrough = await readAccepted(directory);
  let names = (await readdir(directory)).filter((name) => name.endsWith(".jsonl")).sort();
  let lastSequence = acceptedThrough;
  let handle: FileHandle | undefined;
  let handleBytes = 0;

  const last = names.at(-1);
  if (last !== undefined) {
    const { events, wholeBytes } = await readEvents(path.join(directory, last));
    lastSequence = events.at(-1)?.sequence ?? firstSequenceOf(last) - 1;
    handle = await open(path.join(directory, last), "r+");
    await handle.truncate(wholeBytes);
    handleBytes = wholeBytes;
  }

  const append = async (events: readonly GatewayEvent[]): Promise<void> => {
    const first = events[0];
    if (first === undefined) return;
    if (handle === undefined || handleBytes >= fileBytesMax) {
      await handle?.close();
      const name = fileName(first.sequence);
      handle = await open(path.join(directory, name), "w");
      handleBytes = 0;
      names.push(name);
    }
    const bytes = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(""));
    await handle.write(bytes, 0, bytes.length, handleBytes);
    handleBytes += bytes.length;
    await handle.datasync();
    lastSequence = events.at(-1)?.sequence ?? lastSequence;
  };

  const read = async (sequence: number, countMax: number): Promise<GatewayEvent[]> => {
    const found: GatewayEvent[] = [];
    for (const [index, name] of names.entries()) {
      const next = names[index + 1];
      if (next !== undefined && firstSequenceOf(next) <= sequence + 1) continue;
      const { events } = await readEvents(path.join(directory, name));
      found.push(
        ...events.filter((event) => event.sequence > sequence).slice(0, countMax - found.length),
      );
      if (found.length >= countMax) break;
    }
    return found;
  };

  const accept = async (sequence: number): Promise<void> => {
    acceptedThrough = sequence;
    await replaceFile(path.join(directory, "accepted"), `${sequence}\n`);
    const done = names.filter((_, index) => {
      const next = names[index + 1];
      return next !== undefined && firstSequenceOf(next) <= sequence + 1;
    });
    names = names.filter((name) => !done.includes(name));
    for (const name of done) await unlink(path.join(directory, name));
  };

  /** Events first, then the id: after a crash between the two, the old id goes on with a count that has a gap. */
  const renew = async (): Promise<void> => {
    await handle?.close();
    handle = undefined;
    for (const name of names) await unlink(path.join(directory, name));
    names = [];
    lastSequence = 0;
    acceptedThrough = 0;
    await unlink(path.join(directory, "accepted")).catch(() => undefined);
    outboxId = await newIdentity(directory);
  };

  return {
    get outboxId() {
      return outboxId;
    },
    get lastSequence() {
      return lastSequence;
    },
    get acceptedThrough() {
      return acceptedThrough;
    },
    append,
    read,
    accept,
    renew,
    close: async () => handle?.close(),
  };
}
