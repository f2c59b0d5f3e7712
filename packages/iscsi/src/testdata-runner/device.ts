/** Test only: a SCSI target whose commands say what it is to do. */
import type {
  DataIn,
  DataOut,
  ScsiCompletion,
  ScsiTarget,
  ScsiTask,
  TaskManagementResponse,
} from "../scsi-target.ts";

/** Operation codes of the device; bytes 2 to 4 of the CDB are a length. */
export const operations = {
  testUnitReady: 0x00,
  read: 0x08,
  write: 0x0a,
  checkCondition: 0x12,
  readThenCheck: 0x13,
  hold: 0xe0,
} as const;

/** The byte all data of a READ consists of. */
const READ_FILL = 0x52;
/** What task management is answered, by LUN. */
const answers: readonly (TaskManagementResponse | undefined)[] = [
  "FUNCTION COMPLETE",
  undefined,
  "FUNCTION REJECTED",
];
/** Functions that end the tasks of all nexuses. */
const CLEARS_ALL: ReadonlySet<string> = new Set([
  "CLEAR TASK SET",
  "LOGICAL UNIT RESET",
  "TARGET WARM RESET",
  "TARGET COLD RESET",
]);
const GOOD: ScsiCompletion = { status: 0 };
const TASK_ABORTED: ScsiCompletion = { status: 0x40 };
const CHECK_CONDITION = 0x02;
const ILLEGAL_REQUEST_SENSE = Uint8Array.of(
  0x70,
  0,
  5,
  0,
  0,
  0,
  0,
  10,
  0,
  0,
  0,
  0,
  0x24,
  0,
  0,
  0,
  0,
  0,
);

function tagOf(task: ScsiTask): string {
  return `itt=${task.initiatorTaskTag.toString(16)}`;
}

function summary(data: DataOut): string {
  const values = new Set(data.views.flatMap((view) => [...view]));
  const bytes = [...values].map((value) => value.toString(16).padStart(2, "0"));
  return `${data.byteLength} bytes of {${bytes.join(" ")}}`;
}

export class Device implements ScsiTarget {
  /** Data-In handed out and not released. */
  dataInLent = 0;
  readonly #log: (line: string) => void;
  readonly #held = new Map<number, () => void>();
  /** Of tasks that wait, for data or to be let go: what ends them. */
  readonly #ends = new Map<ScsiTask, (completion: ScsiCompletion) => void>();

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  execute(task: ScsiTask): ScsiCompletion | Promise<ScsiCompletion> {
    const [operation, , high = 0, middle = 0, low = 0] = task.cdb;
    const length = high * 65536 + middle * 256 + low;
    this.#log(`execute ${tagOf(task)}`);
    if (operation === operations.read) return { status: 0, dataIn: this.#dataIn(length) };
    if (operation === operations.write) return this.#write(task, length);
    if (operation === operations.hold) return this.#endable(task, this.#hold(task));
    if (operation === operations.readThenCheck) {
      const dataIn = this.#dataIn(length);
      return { status: CHECK_CONDITION, sense: ILLEGAL_REQUEST_SENSE, dataIn };
    }
    return operation === operations.testUnitReady
      ? GOOD
      : { status: CHECK_CONDITION, sense: ILLEGAL_REQUEST_SENSE };
  }

  /** Lets a held command end. */
  letGo(initiatorTaskTag: number): void {
    this.#held.get(initiatorTaskTag)?.();
  }

  manage(request: Parameters<ScsiTarget["manage"]>[0]): ReturnType<ScsiTarget["manage"]> {
    const { task } = request;
    const named = task === undefined ? "" : ` ${tagOf(task)} aborted=${task.aborted}`;
    this.#log(`manage ${request.function}${named}`);
    const answer = answers[request.lun[1] ?? 0] ?? "LUN DOES NOT EXIST";
    if (answer === "FUNCTION COMPLETE" && CLEARS_ALL.has(request.function))
      for (const end of this.#ends.values()) end(TASK_ABORTED);
    return Promise.resolve(answer);
  }

  nexusEstablished(nexus: { initiatorPortName: string }): void {
    this.#log(`nexus established ${nexus.initiatorPortName}`);
  }

  nexusSuspended(nexus: { initiatorPortName: string }): void {
    this.#log(`nexus suspended ${nexus.initiatorPortName}`);
  }

  nexusReturned(nexus: { initiatorPortName: string }, tasksLost: boolean): void {
    this.#log(`nexus returned ${nexus.initiatorPortName} tasksLost=${tasksLost}`);
  }

  nexusLost(nexus: { initiatorPortName: string }): void {
    this.#log(`nexus lost ${nexus.initiatorPortName}`);
  }

  #dataIn(byteLength: number): DataIn {
    this.dataInLent += 1;
    const half = Math.floor(byteLength / 2);
    const views = [half, byteLength - half].map((bytes) => new Uint8Array(bytes).fill(READ_FILL));
    return {
      views,
      byteLength,
      release: () => {
        this.dataInLent -= 1;
      },
    };
  }

  #write(task: ScsiTask, length: number): ScsiCompletion | Promise<ScsiCompletion> {
    const finish = (data: DataOut): ScsiCompletion => {
      this.#log(`written ${tagOf(task)} ${summary(data)}`);
      data.release();
      return { status: 0, dataOutLength: length };
    };
    const data = task.receiveDataOut(length);
    return "then" in data ? this.#endable(task, data.then(finish)) : finish(data);
  }

  /** What the task comes to, or what task management ends it with before. */
  async #endable(task: ScsiTask, completion: Promise<ScsiCompletion>): Promise<ScsiCompletion> {
    const ended = new Promise<ScsiCompletion>((resolve) => this.#ends.set(task, resolve));
    const first = await Promise.race([completion, ended]).finally(() => this.#ends.delete(task));
    // What it reads after its end has no taker.
    if (first === TASK_ABORTED)
      void completion.then(
        ({ dataIn }) => dataIn?.release(),
        () => {},
      );
    return first;
  }

  async #hold(task: ScsiTask): Promise<ScsiCompletion> {
    await new Promise<void>((resolve) => this.#held.set(task.initiatorTaskTag, resolve));
    this.#log(`let go ${tagOf(task)} aborted=${task.aborted}`);
    return { status: 0, dataIn: this.#dataIn(4) };
  }
}
