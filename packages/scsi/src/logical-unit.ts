/**
 * A logical unit's task set (SAM-5 8): one command at a time, in the order of arrival, and the task management
 * functions over it. Synchronous when idle: a command whose work does not wait is answered before `execute` returns.
 */
import assert from "node:assert/strict";
import { Call, TaskAborted } from "./call.ts";
import type { BoundCommand } from "./cdb.ts";
import { toDescriptorFormat } from "./descriptor-sense.ts";
import type { Device } from "./device.ts";
import { type CommandTable, commandOf, commandTable, serve } from "./device-server.ts";
import { senseConditions } from "./sense.ts";
import { status } from "./status.ts";
import type { Completion, MaybePromise, Nexus, Task } from "./task.ts";
import type { UnitAttention } from "./unit-attention.ts";

/** Something the unit does alone: a command (with its call), or work of the library such as an eject. */
interface Entry {
  readonly call: Call | undefined;
  /** Does it and tells whoever waits; a promise when it takes time. It never throws. */
  readonly run: () => MaybePromise<void>;
  /** Ends it without doing it. */
  readonly drop: () => void;
}

/** Where a nexus left the medium whose movement ended with its connection: nowhere that it could go on from. */
const inMotion = "in motion";

/** Tasks are ended by another nexus with status TASK ABORTED, as the control mode page's TAS bit says. */
const taskAborted: Completion = Object.freeze({ status: status.taskAborted });

export class LogicalUnit<D extends Device = Device> {
  readonly device: D;
  readonly #table: CommandTable<D>;
  readonly #nexuses = new Set<Nexus>();
  /** Those whose connection broke and that may come back, with how they left the device. */
  readonly #absent = new Map<Nexus, string | undefined>();
  #queue: Entry[] = [];
  #running: Entry | undefined;
  /** What goes on of the command that runs when it has been answered. */
  #held: Promise<void> | undefined;
  /** The command that runs, once its status is sent. */
  #goesOn: Call | undefined;
  #idleWaiters: { readonly entry: Entry; readonly resolve: () => void }[] = [];

  constructor(device: D, commands: readonly BoundCommand<D>[]) {
    this.device = device;
    this.#table = commandTable(commands);
  }

  /** Runs a command in its turn. Rejects or throws only when the port below broke its contract. */
  execute(task: Task): MaybePromise<Completion> {
    this.nexusEstablished(task.nexus);
    const call = new Call(task);
    return this.#submit(call, () => this.#serve(call), taskAborted);
  }

  /** Does `work` in its turn among the commands, so that it never overlaps one. */
  exclusive<T>(work: () => MaybePromise<T>): MaybePromise<T> {
    return this.#submit(undefined, work, undefined);
  }

  nexusEstablished(nexus: Nexus): void {
    if (this.#nexuses.has(nexus)) return;
    this.#nexuses.add(nexus);
    this.device.attentions.join(nexus);
  }

  /** Whether that nexus is there: it has come and was not lost. */
  hasNexus(nexus: Nexus): boolean {
    return this.#nexuses.has(nexus);
  }

  /** The connection of a nexus broke, and it may come back: its tasks end, what belongs to it waits. */
  async nexusSuspended(nexus: Nexus): Promise<void> {
    const isMidway = this.#running?.call?.nexus === nexus;
    this.#absent.set(nexus, isMidway ? inMotion : this.device.whereabouts?.());
    await this.#abort((call) => call.nexus === nexus);
  }

  /**
   * The initiator port of a nexus is back. What belongs to the nexus is as it was; when there are commands whose outcome it
   * cannot know, it hears so (29/07) before it goes on as if they had not been. So it does when it was lost meanwhile, and when
   * somebody else moved or wrote what it would go on from.
   */
  nexusReturned(nexus: Nexus, tasksLost: boolean): void {
    const left = this.#absent.get(nexus);
    const isMoved = left !== undefined && left !== this.device.whereabouts?.();
    this.#absent.delete(nexus);
    this.nexusEstablished(nexus);
    if (tasksLost) this.device.answersLost?.(nexus);
    if (tasksLost || isMoved) this.device.attentions.establish(nexus, "nexusLoss");
  }

  /**
   * For the command that runs: it is answered before its effect has ended, and until then the unit begins nothing else.
   * What ends the nexus's tasks ends this, as it would the command. `effect` never rejects.
   */
  holdUntil(effect: Promise<void>): void {
    assert(this.#running !== undefined, "only a command that runs goes on");
    this.#held = effect;
  }

  /** The CDB of the command that runs now. */
  get runningCdb(): Uint8Array | undefined {
    return this.#running?.call?.cdb;
  }

  /** The standard's name of the command that a CDB asks for; undefined: the unit has no such command. */
  commandName(cdb: Uint8Array): string | undefined {
    const command = commandOf(this.#table, cdb);
    return typeof command === "string" ? undefined : command.name;
  }

  isAbsent(nexus: Nexus): boolean {
    return this.#absent.has(nexus);
  }

  /**
   * The absent nexuses that reserve the unit or prevent removal are lost, as they would have been at once without
   * `nexusSuspended`. A persistent reservation is not theirs to lose. False: there are none.
   */
  loseAbsentHolders(): boolean {
    const { reservedBy, preventing } = this.device;
    const holders = [...this.#absent.keys()].filter(
      (nexus) => nexus === reservedBy || preventing.has(nexus),
    );
    for (const nexus of holders) void this.nexusLost(nexus);
    return holders.length > 0;
  }

  /** I_T nexus loss (SAM-5 6.3.4): ends its tasks, its reservation and its prevention of medium removal. */
  async nexusLost(nexus: Nexus): Promise<void> {
    this.#absent.delete(nexus);
    this.#nexuses.delete(nexus);
    const ended = this.#abort((call) => call.nexus === nexus);
    this.device.attentions.leave(nexus);
    this.#forget(nexus);
    this.device.nexusLost(nexus);
    await ended;
  }

  /** ABORT TASK. Resolves when the task has no more effect. */
  abortTask(task: Task): Promise<void> {
    return this.#abort((call) => call.task === task);
  }

  /** ABORT TASK SET: the tasks of one nexus. */
  abortTaskSet(nexus: Nexus): Promise<void> {
    return this.#abort((call) => call.nexus === nexus);
  }

  /**
   * CLEAR TASK SET: all tasks. Other nexuses hear of it by status TASK ABORTED, which stands for 2F/00 (SAM-5 5.6). What goes on
   * after the status of another's command is no task, and nobody would tell of its end.
   */
  clearTaskSet(nexus: Nexus): Promise<void> {
    return this.#abort((call) => call.nexus === nexus || call !== this.#goesOn);
  }

  /** Ends the commands that wait in the queue, of the nexuses meant; the running one asks for it. */
  abortQueued(isMeant: (nexus: Nexus) => boolean): void {
    this.#drop((entry) => entry.call !== undefined && isMeant(entry.call.nexus));
  }

  /** LOGICAL UNIT RESET and, with another attention, a target reset (SAM-5 6.3.3). */
  async reset(attention: UnitAttention = "busDeviceReset"): Promise<void> {
    const ended = this.#abort(() => true);
    await ended;
    this.device.reservedBy = undefined;
    this.device.preventing.clear();
    this.device.reset();
    this.device.primary.savedModePages.restore(this.device.modePages);
    this.device.attentions.establishForAll(attention);
  }

  #forget(nexus: Nexus): void {
    if (this.device.reservedBy === nexus) {
      this.device.reservedBy = undefined;
      this.device.reservationLost?.(false, nexus);
    }
    this.device.preventing.delete(nexus);
  }

  #serve(call: Call): MaybePromise<Completion> {
    if (call.aborted) return taskAborted;
    const failed = (error: unknown): Completion => {
      // The transport's own rejection and ours both end here; anything else is a broken invariant below.
      if (call.aborted || error instanceof TaskAborted) return taskAborted;
      throw error;
    };
    try {
      const completion = this.#servePresent(call);
      if (!(completion instanceof Promise)) return this.#told(completion);
      return completion.then((done) => this.#told(unlessAborted(call, done)), failed);
    } catch (error) {
      return failed(error);
    }
  }

  /**
   * Who is away keeps nobody out: when a reservation or a prevention refuses a command, the absent nexuses that hold one
   * are lost, and the command, which has done nothing, has its second try.
   */
  #servePresent(call: Call): MaybePromise<Completion> {
    const completion = serve(this.device, this.#table, call);
    if (this.#absent.size === 0 || completion instanceof Promise || !isKeptOut(completion)) {
      return completion;
    }
    return this.loseAbsentHolders() ? serve(this.device, this.#table, call) : completion;
  }

  /** Sense data in the format that D_SENSE chooses. */
  #told(completion: Completion): Completion {
    const { sense } = completion;
    if (sense === undefined || !this.device.control.descriptorSense) return completion;
    return { ...completion, sense: toDescriptorFormat(sense) };
  }

  /**
   * Runs `work` now when the unit is idle, else puts it in the queue. `dropped` answers for a command that is taken
   * away there; other work never is.
   */
  #submit<T>(
    call: Call | undefined,
    work: () => MaybePromise<T>,
    dropped: T | undefined,
  ): MaybePromise<T> {
    if (this.#running !== undefined || this.#queue.length > 0) {
      return new Promise<T>((resolve, reject) => {
        this.#queue.push({
          call,
          run: () => {
            try {
              const result = work();
              if (result instanceof Promise) return result.then(resolve, reject);
              resolve(result);
            } catch (error) {
              reject(error instanceof Error ? error : new Error(String(error)));
            }
            return undefined;
          },
          drop: () => {
            assert(dropped !== undefined, "only commands are dropped");
            resolve(dropped);
          },
        });
      });
    }
    return this.#runNow(call, work);
  }

  #runNow<T>(call: Call | undefined, work: () => MaybePromise<T>): MaybePromise<T> {
    const entry: Entry = { call, run: () => undefined, drop: () => undefined };
    this.#running = entry;
    let waits = false;
    try {
      const result = work();
      if (!(result instanceof Promise)) return result;
      waits = true;
      return result.finally(() => this.#ended(entry));
    } finally {
      if (!waits) this.#ended(entry);
    }
  }

  #ended(entry: Entry): void {
    const held = this.#held;
    if (held !== undefined) {
      this.#held = undefined;
      this.#goesOn = entry.call;
      void held.then(() => this.#ended(entry));
      return;
    }
    this.#running = undefined;
    this.#goesOn = undefined;
    const waiters = this.#idleWaiters.filter((waiter) => waiter.entry === entry);
    this.#idleWaiters = this.#idleWaiters.filter((waiter) => waiter.entry !== entry);
    for (const waiter of waiters) waiter.resolve();
    this.#runQueue();
  }

  #runQueue(): void {
    while (this.#running === undefined) {
      const entry = this.#queue.shift();
      if (entry === undefined) return;
      this.#running = entry;
      const result = entry.run();
      if (result instanceof Promise) {
        void result.then(() => this.#ended(entry));
        return;
      }
      if (this.#held !== undefined) return this.#ended(entry);
      this.#running = undefined;
    }
  }

  #drop(isConcerned: (entry: Entry) => boolean): void {
    const dropped = this.#queue.filter((entry) => isConcerned(entry));
    this.#queue = this.#queue.filter((entry) => !dropped.includes(entry));
    for (const entry of dropped) {
      entry.call?.abort();
      entry.drop();
    }
  }

  async #abort(concerns: (call: Call) => boolean): Promise<void> {
    const isConcerned = (entry: Entry) => entry.call !== undefined && concerns(entry.call);
    this.#drop(isConcerned);
    const running = this.#running;
    if (running?.call === undefined || !isConcerned(running)) return;
    running.call.abort();
    this.device.commandAborted?.();
    await new Promise<void>((resolve) => this.#idleWaiters.push({ entry: running, resolve }));
  }
}

/** What was read for a task that is gone has no taker. */
function unlessAborted(call: Call, completion: Completion): Completion {
  if (!call.aborted) return completion;
  completion.dataIn?.release();
  return taskAborted;
}

/** Refused for what another nexus holds: by its reservation, or by its prevention of medium removal. */
function isKeptOut({ status: code, sense }: Completion): boolean {
  if (code === status.reservationConflict) return true;
  const { asc, ascq } = senseConditions.mediumRemovalPrevented;
  return code === status.checkCondition && sense?.[12] === asc && sense[13] === ascq;
}
