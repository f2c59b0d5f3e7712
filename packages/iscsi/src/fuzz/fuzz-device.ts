/**
 * Test only: a device that answers as ours do, at once, after a turn, when let go, or never; and remembers each command, so
 * that the judge can say what an answer should have been.
 */
import type {
  DataIn,
  DataOut,
  Nexus,
  ScsiCompletion,
  ScsiTarget,
  ScsiTask,
  TaskManagementRequest,
  TaskManagementResponse,
} from "../scsi-target.ts";

/** The first byte of a CDB says how the command is answered; bytes 2 to 4 are a length. */
export const behaviours = {
  atOnce: 0x00,
  readAtOnce: 0x08,
  readLater: 0x28,
  readWhenLetGo: 0x88,
  write: 0x0a,
  writeLater: 0x2a,
  writeWhenLetGo: 0x8a,
  readAndFail: 0x12,
  never: 0xe0,
} as const;

/** A command as it was executed, and what became of it. */
export interface Executed {
  readonly task: ScsiTask;
  /** The device has answered; the answer counts unless the task was taken away before it was sent. */
  answered: boolean;
  /** Statuses that were seen on the wire, Data-In bytes, and the R2Ts not yet served. */
  statuses: number;
  dataInBytes: number;
  numbered: number;
  readonly openR2Ts: Set<number>;
}

const GOOD: ScsiCompletion = { status: 0 };
const CHECK_CONDITION = 0x02;
const SENSE = Uint8Array.of(0x70, 0, 5, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x24, 0, 0, 0, 0, 0);
const LENGTH_MAX = 70_000;
const FILL = new Uint8Array(LENGTH_MAX).fill(0x52);

/** What an honest initiator sends at an offset of a command's data. */
export const patternAt = (initiatorTaskTag: number, offset: number): number =>
  (initiatorTaskTag * 31 + offset * 7) & 0xff;

const keyOf = ({ initiatorPortName, targetName }: Nexus, tag: number): string =>
  `${initiatorPortName} ${targetName} ${tag}`;

export class FuzzDevice implements ScsiTarget {
  dataInLent = 0;
  nexuses = 0;
  readonly executed = new Map<string, Executed>();
  readonly all: Executed[] = [];
  readonly faults: string[] = [];
  /** Whether what comes must be what `patternAt` says. */
  honest = true;
  readonly #held: (() => void)[] = [];

  find(nexus: Nexus, initiatorTaskTag: number): Executed | undefined {
    return this.executed.get(keyOf(nexus, initiatorTaskTag));
  }

  letGo(all: boolean): void {
    for (const go of this.#held.splice(0, all ? this.#held.length : 1)) go();
  }

  execute(task: ScsiTask): ScsiCompletion | Promise<ScsiCompletion> {
    const record: Executed = {
      task,
      answered: false,
      statuses: 0,
      dataInBytes: 0,
      numbered: 0,
      openR2Ts: new Set(),
    };
    this.executed.set(keyOf(task.nexus, task.initiatorTaskTag), record);
    this.all.push(record);
    const completion = this.#run(task);
    if (!("then" in completion)) return answered(record, completion);
    return completion.then((value) => answered(record, value));
  }

  async manage(request: TaskManagementRequest): Promise<TaskManagementResponse> {
    if (request.task?.aborted === false) this.faults.push("a managed task is not taken away");
    await Promise.resolve();
    return request.lun[1] === 0 ? "FUNCTION COMPLETE" : "LUN DOES NOT EXIST";
  }

  nexusEstablished(): void {
    this.nexuses += 1;
  }

  nexusSuspended(): void {}

  nexusReturned(): void {}

  nexusLost(): void {
    this.nexuses -= 1;
    if (this.nexuses < 0) this.faults.push("a nexus was lost twice");
  }

  #run(task: ScsiTask): ScsiCompletion | Promise<ScsiCompletion> {
    const [operation, , high = 0, middle = 0, low = 0] = task.cdb;
    const length = Math.min(high * 65536 + middle * 256 + low, LENGTH_MAX);
    const later = Promise.resolve();
    const runs: Readonly<Record<number, () => ScsiCompletion | Promise<ScsiCompletion>>> = {
      [behaviours.atOnce]: () => GOOD,
      [behaviours.readAtOnce]: () => this.#read(length),
      [behaviours.readLater]: () => later.then(() => this.#read(length)),
      [behaviours.readWhenLetGo]: () => this.#wait().then(() => this.#read(length)),
      [behaviours.write]: () => this.#write(task, length),
      [behaviours.writeLater]: () => later.then(() => this.#write(task, length)),
      [behaviours.writeWhenLetGo]: () => this.#wait().then(() => this.#write(task, length)),
      [behaviours.never]: () => new Promise(() => {}),
    };
    const run = runs[operation ?? 0];
    return run?.() ?? { ...this.#read(length), status: CHECK_CONDITION, sense: SENSE };
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => this.#held.push(resolve));
  }

  #read(byteLength: number): ScsiCompletion {
    this.dataInLent += 1;
    const dataIn: DataIn = {
      views: [FILL.subarray(0, byteLength)],
      byteLength,
      release: () => {
        this.dataInLent -= 1;
        if (this.dataInLent < 0) this.faults.push("Data-In was released twice");
      },
    };
    return { status: 0, dataIn };
  }

  #write(task: ScsiTask, length: number): ScsiCompletion | Promise<ScsiCompletion> {
    const finish = (data: DataOut): ScsiCompletion => {
      this.#check(task, data, length);
      data.release();
      return { status: 0, dataOutLength: length };
    };
    const data = task.receiveDataOut(length);
    return "then" in data ? data.then(finish) : finish(data);
  }

  #check(task: ScsiTask, data: DataOut, length: number): void {
    const wanted = Math.min(length, task.expectedDataOutLength);
    const bytes = data.views.reduce((sum, view) => sum + view.byteLength, 0);
    if (bytes !== data.byteLength || bytes !== wanted)
      this.faults.push(`${bytes} bytes came of ${wanted}`);
    if (!this.honest) return;
    let offset = 0;
    for (const view of data.views) {
      for (const byte of view) {
        if (byte !== patternAt(task.initiatorTaskTag, offset)) {
          this.faults.push(`byte ${offset} of a command is not what was sent for it`);
          return;
        }
        offset += 1;
      }
    }
  }
}

function answered(record: Executed, completion: ScsiCompletion): ScsiCompletion {
  record.answered = true;
  return completion;
}
