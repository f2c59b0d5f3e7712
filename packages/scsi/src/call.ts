/** One command on its way through a logical unit: the task, and its data transfer with abort watched. */
import type { DataOut, MaybePromise, Nexus, Task } from "./task.ts";

/** Thrown while a command waits for its data and the task is taken away; caught in logical-unit.ts alone. */
export class TaskAborted extends Error {
  constructor() {
    super("the task was aborted");
    this.name = "TaskAborted";
  }
}

export class Call {
  readonly task: Task;
  #aborted = false;
  #onAbort: (() => void) | undefined;

  constructor(task: Task) {
    this.task = task;
  }

  get cdb(): Uint8Array {
    return this.task.cdb;
  }

  get nexus(): Nexus {
    return this.task.nexus;
  }

  get aborted(): boolean {
    return this.#aborted || this.task.aborted;
  }

  /** Takes the task away: a wait for Data-Out ends at once, work on the medium ends by itself. */
  abort(): void {
    this.#aborted = true;
    this.#onAbort?.();
  }

  /** For a command that has waited, before it changes something: throws TaskAborted when it is to end here. */
  goOn(): void {
    if (this.aborted) throw new TaskAborted();
  }

  /** Receive Data-Out. The data is the caller's to release. Throws or rejects with TaskAborted, and then there is none. */
  receiveDataOut(byteLength: number): MaybePromise<DataOut> {
    const received = this.task.receiveDataOut(byteLength);
    if (!(received instanceof Promise)) return this.#stillWanted(received);
    return new Promise((resolve, reject) => {
      // Another nexus may abort this task while its own initiator keeps the data back for ever.
      this.#onAbort = () => reject(new TaskAborted());
      received
        .then((data) => this.#stillWanted(data))
        .then(resolve, reject)
        .finally(() => {
          this.#onAbort = undefined;
        });
    });
  }

  #stillWanted(data: DataOut): DataOut {
    if (!this.aborted) return data;
    data.release();
    throw new TaskAborted();
  }
}
