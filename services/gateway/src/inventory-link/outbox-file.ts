/**
 * The outbox on disk: events in order, kept until the inventory has them.
 *
 *   outbox/identity.json        { outboxId }: new when the disk is new
 *   outbox/accepted             the last sequence the inventory has stored (decimal text and a newline)
 *   outbox/<first sequence>.jsonl  events, a line each; a new file after `fileBytesMax`; removed when all are accepted
 *
 * A torn last line (power loss while appending) is cut at the next start: it was never said to be durable. Any other
 * damage begins a new, empty outbox, whose owner tells everything again: no damage here may stop the data path.
 *
 * `append` and `renew` are for one caller at a time, and so are `read`, `accept` and `renew`.
 */
import { mkdir, open, readdir, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import path from "node:path";
import type { EventBody, GatewayEvent } from "@reelhouse/contracts";
import { syncDirectory } from "@reelhouse/service-kit";
import { firstSequenceOf, isOutboxLines, linesName, readLines, toLine } from "./outbox-lines.ts";
import { OutboxRecent } from "./outbox-recent.ts";
import {
  forgetAccepted,
  newIdentity,
  readAccepted,
  readIdentity,
  writeAccepted,
} from "./outbox-state.ts";

/** Some thousand events: parsing a whole file holds up the data path's event loop by few milliseconds. */
const fileBytesMax = 256 * 1024;

/**
 * Of the events of one reading, as lines; a longer one is read alone. The inventory takes deliveries of 8 MiB, and a full
 * library is described in 5: two of them in one delivery would be refused for ever, and all events behind them kept here.
 */
const readBytesMax = 3 * 1024 * 1024;

/** What happened and when; its sequence comes with `append`. */
export interface Happening {
  readonly at: string;
  readonly body: EventBody;
}

export class OutboxFile {
  readonly #directory: string;
  readonly #recent = new OutboxRecent();
  #outboxId = "";
  #acceptedThrough = 0;
  #lastSequence = 0;
  #wasDamaged = false;
  /** In order; the last one is being written. */
  #names: string[];
  #handle: FileHandle | undefined;
  #handleBytes = 0;

  private constructor(directory: string, names: string[]) {
    this.#directory = directory;
    this.#names = names;
  }

  /** Opens the outbox in a folder, or makes one there; cuts a torn last line; begins anew when it is damaged. */
  static async open(directory: string): Promise<OutboxFile> {
    await mkdir(directory, { recursive: true });
    const names = (await readdir(directory)).filter(isOutboxLines).sort();
    const file = new OutboxFile(directory, names);
    if (!(await file.#takeUp())) {
      file.#wasDamaged = true;
      await file.renew();
    }
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

  /** What was found at opening could not be trusted and is gone: everything is to be told again. */
  get wasDamaged(): boolean {
    return this.#wasDamaged;
  }

  /** Numbers what happened, on from the last sequence, and puts it on stable storage. After a failure nothing is numbered. */
  async append(happenings: readonly Happening[]): Promise<void> {
    const added = happenings.map(({ at, body }, index) => {
      const event: GatewayEvent = { sequence: this.#lastSequence + 1 + index, at, body };
      return { event, line: toLine(event) };
    });
    if (added.length === 0) return;
    const handle = await this.#writable();
    const bytes = Buffer.concat(added.map(({ line }) => line));
    await writeWhole(handle, bytes, this.#handleBytes);
    await handle.datasync();
    this.#handleBytes += bytes.length;
    this.#lastSequence += added.length;
    this.#recent.add(added.map(({ event, line }) => ({ event, lineBytes: line.length })));
  }

  /** Events after `sequence`, dense, at most `countMax` and no more than a delivery takes. None although there are later ones: the disk lost some. */
  async read(sequence: number, countMax: number): Promise<GatewayEvent[]> {
    const recent = this.#recent.after(sequence, countMax);
    if (recent !== undefined) return recent;
    const lastSequence = this.#lastSequence;
    const found: GatewayEvent[] = [];
    let foundBytes = 0;
    for (const name of this.#names.slice(this.#endedThrough(sequence))) {
      const firstSequence = firstSequenceOf(name);
      if (firstSequence > sequence + found.length + 1) break;
      const { events, lineBytes } = await readLines(this.#in(name), firstSequence);
      for (const [index, event] of events.entries()) {
        if (event.sequence <= sequence) continue;
        foundBytes += lineBytes[index] ?? 0;
        const isEnough =
          found.length >= countMax || (found.length > 0 && foundBytes > readBytesMax);
        if (isEnough || event.sequence > lastSequence) return found;
        found.push(event);
      }
    }
    return found;
  }

  /** The inventory has everything through `sequence`: files that hold nothing else go. */
  async accept(sequence: number): Promise<void> {
    this.#acceptedThrough = sequence;
    this.#recent.accept(sequence);
    await writeAccepted(this.#directory, sequence);
    const done = this.#names.slice(0, this.#endedThrough(sequence));
    this.#names = this.#names.filter((name) => !done.includes(name));
    for (const name of done) await rm(this.#in(name), { force: true });
  }

  /**
   * Forgets all events and takes a new id: the receiver and we no longer agree on what was told. The id first: whatever
   * of the old count a crash leaves is a gap under the new id, which the receiver sees, and we begin anew once more.
   */
  async renew(): Promise<void> {
    this.#outboxId = await newIdentity(this.#directory);
    await this.close();
    for (let name = this.#names.at(-1); name !== undefined; name = this.#names.at(-1)) {
      await rm(this.#in(name), { force: true });
      this.#names.pop();
    }
    await forgetAccepted(this.#directory);
    this.#recent.clear();
    this.#lastSequence = 0;
    this.#acceptedThrough = 0;
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  /** How many files, from the first on, hold nothing after `sequence`. The last one is written to and never counts. */
  #endedThrough(sequence: number): number {
    const goesOn = this.#names.findIndex((_, index) => {
      const next = this.#names[index + 1];
      return next === undefined || firstSequenceOf(next) > sequence + 1;
    });
    return Math.max(goesOn, 0);
  }

  /** Goes on where the last run ended. Answers false when what is on disk cannot be gone on with. */
  async #takeUp(): Promise<boolean> {
    const isNew = this.#names.length === 0;
    const acceptedThrough = await readAccepted(this.#directory);
    let outboxId = await readIdentity(this.#directory);
    if (outboxId === undefined && isNew) outboxId = await newIdentity(this.#directory);
    if (outboxId === undefined || acceptedThrough === undefined) return false;
    this.#outboxId = outboxId;
    this.#acceptedThrough = acceptedThrough;
    this.#lastSequence = acceptedThrough;
    return isNew || (await this.#openLast());
  }

  async #openLast(): Promise<boolean> {
    const last = this.#names.at(-1) ?? "";
    const firstSequence = firstSequenceOf(last);
    const { events, goodBytes, damaged } = await readLines(this.#in(last), firstSequence);
    this.#lastSequence = firstSequence + events.length - 1;
    if (damaged || this.#lastSequence < this.#acceptedThrough) return false;
    this.#handle = await open(this.#in(last), "r+");
    await this.#handle.truncate(goodBytes);
    this.#handleBytes = goodBytes;
    return true;
  }

  /** The file to append to: a new one, named for its first event, when there is none or it is large enough. */
  async #writable(): Promise<FileHandle> {
    if (this.#handle !== undefined && this.#handleBytes < fileBytesMax) return this.#handle;
    await this.close();
    const name = linesName(this.#lastSequence + 1);
    const handle = await open(this.#in(name), "w");
    if (this.#names.at(-1) !== name) this.#names.push(name);
    this.#handle = handle;
    this.#handleBytes = 0;
    await syncDirectory(this.#directory);
    return handle;
  }

  #in(name: string): string {
    return path.join(this.#directory, name);
  }
}

/** A write may take only a part, on a disk that is nearly full for one. */
async function writeWhole(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    if (bytesWritten === 0) throw new Error("the disk takes no more of the outbox");
    done += bytesWritten;
  }
}
