/**
 * The outbox on disk: events in order, kept until the inventory has them.
 *
 *   outbox/identity.json        { outboxId }: new when the disk is new
 *   outbox/accepted             the last sequence the inventory has stored (decimal text and a newline)
 *   outbox/<first sequence>.jsonl  events, a line each; a new file after `fileBytesMax`; removed when all are accepted
 *
 * A torn last line (power loss while appending) is cut at the next start: it was never said to be durable.
 */
import { mkdir, open, readdir, unlink } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import path from "node:path";
import type { GatewayEvent } from "@reelhouse/contracts";
import { firstSequenceOf, isOutboxLines, linesName, readLines, toLines } from "./outbox-lines.ts";
import {
  forgetAccepted,
  newIdentity,
  readAccepted,
  readIdentity,
  writeAccepted,
} from "./outbox-state.ts";

/** Small enough that a removed file frees space soon, large enough that a night's events make few files. */
const fileBytesMax = 4 * 1024 * 1024;

export class OutboxFile {
  readonly #directory: string;
  #outboxId: string;
  #acceptedThrough: number;
  #lastSequence: number;
  /** In order; the last one is being written. */
  #names: string[];
  #handle: FileHandle | undefined;
  #handleBytes = 0;

  private constructor(
    directory: string,
    outboxId: string,
    acceptedThrough: number,
    names: string[],
  ) {
    this.#directory = directory;
    this.#outboxId = outboxId;
    this.#acceptedThrough = acceptedThrough;
    this.#lastSequence = acceptedThrough;
    this.#names = names;
  }

  /** Opens the outbox in a folder, or makes one there, and cuts a torn last line. */
  static async open(directory: string): Promise<OutboxFile> {
    await mkdir(directory, { recursive: true });
    const outboxId = await readIdentity(directory);
    const acceptedThrough = await readAccepted(directory);
    const names = (await readdir(directory)).filter(isOutboxLines).sort();
    const file = new OutboxFile(directory, outboxId, acceptedThrough, names);
    await file.#openLast();
    return file;
  }

  /** Changes with `renew`. */
  get outboxId(): string {
    return this.#outboxId;
  }

  get lastSequence(): number {
    return this.#lastSequence;
  }

  get acceptedThrough(): number {
    return this.#acceptedThrough;
  }

  /** Appends lines and puts them on stable storage. */
  async append(events: readonly GatewayEvent[]): Promise<void> {
    const first = events[0];
    if (first === undefined) return;
    const handle = await this.#writable(first.sequence);
    const bytes = toLines(events);
    await handle.write(bytes, 0, bytes.length, this.#handleBytes);
    this.#handleBytes += bytes.length;
    await handle.datasync();
    this.#lastSequence = events.at(-1)?.sequence ?? this.#lastSequence;
  }

  /** Events after `sequence`, at most `countMax`, in order. */
  async read(sequence: number, countMax: number): Promise<GatewayEvent[]> {
    const found: GatewayEvent[] = [];
    for (const name of this.#names.slice(this.#endedThrough(sequence))) {
      const { events } = await readLines(this.#in(name));
      const wanted = events.filter((event) => event.sequence > sequence);
      found.push(...wanted.slice(0, countMax - found.length));
      if (found.length >= countMax) break;
    }
    return found;
  }

  /** The inventory has everything through `sequence`: files that hold nothing else go. */
  async accept(sequence: number): Promise<void> {
    this.#acceptedThrough = sequence;
    await writeAccepted(this.#directory, sequence);
    const done = this.#names.slice(0, this.#endedThrough(sequence));
    this.#names = this.#names.filter((name) => !done.includes(name));
    for (const name of done) await unlink(this.#in(name));
  }

  /**
   * Forgets all events and takes a new id: the receiver and we no longer agree on what was told. Events first, then the
   * id: after a crash between the two, the old id goes on with a count that has a gap.
   */
  async renew(): Promise<void> {
    await this.close();
    for (const name of this.#names) await unlink(this.#in(name));
    this.#names = [];
    this.#lastSequence = 0;
    this.#acceptedThrough = 0;
    await forgetAccepted(this.#directory);
    this.#outboxId = await newIdentity(this.#directory);
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }

  /** How many files, from the first on, hold nothing after `sequence`. The last one is written to and never counts. */
  #endedThrough(sequence: number): number {
    const goesOn = this.#names.findIndex((_, index) => {
      const next = this.#names[index + 1];
      return next === undefined || firstSequenceOf(next) > sequence + 1;
    });
    return Math.max(goesOn, 0);
  }

  async #openLast(): Promise<void> {
    const last = this.#names.at(-1);
    if (last === undefined) return;
    const { events, wholeBytes } = await readLines(this.#in(last));
    this.#lastSequence = events.at(-1)?.sequence ?? firstSequenceOf(last) - 1;
    this.#handle = await open(this.#in(last), "r+");
    await this.#handle.truncate(wholeBytes);
    this.#handleBytes = wholeBytes;
  }

  /** The file to append to: a new one, named for its first event, when there is none or it is large enough. */
  async #writable(firstSequence: number): Promise<FileHandle> {
    if (this.#handle !== undefined && this.#handleBytes < fileBytesMax) return this.#handle;
    await this.#handle?.close();
    const name = linesName(firstSequence);
    this.#handle = await open(this.#in(name), "w");
    this.#handleBytes = 0;
    this.#names.push(name);
    return this.#handle;
  }

  #in(name: string): string {
    return path.join(this.#directory, name);
  }
}
