/**
 * A session (RFC 7143 4.2, 8.3): the CmdSN window, the tasks, StatSN, and the I_T nexus. With MaxConnections=1 it lives
 * and dies with its connection:
 *
 *   Q1 FREE ──(N1 login)──▶ Q3 LOGGED_IN ──(N3 logout, N5 connection failed, N6 reinstated)──▶ Q1 FREE
 *
 * Q2 ACTIVE is the login before its last response, which `Login` holds; Q4 FAILED is never entered, as no session is
 * retained: its nexus may be, see nexus-retention.ts.
 */
import { CommandWindow } from "./command-window.ts";
import { sendCompletion } from "./full-feature/send-completion.ts";
import { COMMAND_WINDOW_MAX, type Limits } from "./limits.ts";
import type { LoggedInIdentity } from "./login/login.ts";
import type { Parameters } from "./login/negotiation.ts";
import type { RawPdu } from "./pdu/codec.ts";
import { TAG_NONE } from "./pdu/bhs.ts";
import { nopIn } from "./pdu/nop-in.ts";
import { HeldCommands } from "./recovery/held-commands.ts";
import { Replay } from "./recovery/replay.ts";
import { r2t } from "./pdu/r2t.ts";
import type { Nexus, ScsiCompletion, ScsiTarget } from "./scsi-target.ts";
import { type IscsiCondition, senseOf } from "./sense.ts";
import { serialAdd, serialLess } from "./serial.ts";
import { newSessionStatistics } from "./session-statistics.ts";
import { Solicitor } from "./solicitor.ts";
import type { TargetPortal } from "./target-portal.ts";
import type { TargetRecord } from "./target-record.ts";
import type { TextExchange } from "./text-exchange.ts";
import type { Task, TaskSession } from "./task.ts";

/** What a session needs of its connection. */
export interface SessionTransport {
  /** `host:port` at which the initiator reached us. */
  readonly localAddress: string;
  /** The portals that SendTargets names. */
  readonly announced: readonly TargetPortal[];
  /** Sends PDUs in one batch; `sent` is called once, after the last byte was taken or the connection is gone. */
  send(pdus: readonly RawPdu[], sent?: () => void): void;
  /** `nexus`: whether the initiator may come back for it (kept, the default) or the device hears of its loss at once. */
  close(reason: string, nexus?: "kept" | "lost"): void;
  /** Asks the initiator to log out (RFC 7143 11.9.1), and closes when it does not. */
  drain(): void;
  /** A logout was granted: nothing more is taken, and its response is the last PDU. */
  logoutGranted(): void;
}

/** What a session needs of the iSCSI target it belongs to. */
export interface SessionHome {
  readonly limits: Limits;
  commandWindow(initiatorName: string): number;
  /** All targets, for SendTargets. */
  targetsFor(initiatorName: string): readonly TargetRecord[];
  /** Live sessions on a target, this one too. */
  sessionsOf(targetName: string): readonly Session[];
  /** The session has ended without a word of its initiator, which may come back for its nexus. */
  nexusLeft(session: Session, tasksLost: boolean): void;
}

const CHECK_CONDITION = 0x02;

export interface SessionOptions {
  readonly identity: LoggedInIdentity;
  readonly parameters: Parameters;
  readonly home: SessionHome;
  readonly transport: SessionTransport;
  readonly scsiTarget: ScsiTarget | undefined;
  /** The nexus that was kept for this initiator port; left out: a new one. */
  readonly nexus?: Nexus | undefined;
  readonly firstCmdSN: number;
  readonly statSN: number;
}

export class Session implements TaskSession {
  readonly identity: LoggedInIdentity;
  readonly parameters: Parameters;
  readonly home: SessionHome;
  readonly transport: SessionTransport;
  /** Undefined in a discovery session. */
  readonly scsiTarget: ScsiTarget | undefined;
  readonly nexus: Nexus;
  readonly window: CommandWindow;
  readonly statistics = newSessionStatistics();
  readonly tasks = new Map<number, Task>();
  /** Task tags of the task management functions under way. */
  readonly managing = new Set<number>();
  /** The text exchange under way. */
  text: TextExchange | undefined;
  /** Bytes the initiator takes in one PDU; a Text Request may change it. */
  initiatorDataSegmentBytesMax: number;
  /** What may be asked for again; undefined at ErrorRecoveryLevel 0. */
  readonly replay: Replay | undefined;
  readonly heldCommands = new HeldCommands();
  readonly #solicitor: Solicitor;
  #statSN: number;
  /** What the initiator has acknowledged: the StatSN it expects next. */
  #expStatSN: number;
  /** The StatSN after the last command's status. */
  #afterStatusSN: number;
  /** A ping asks for confirmation of what was sent, and nothing has been confirmed since. */
  #confirmationAsked = false;
  #commandsOutstanding = 0;
  #immediateOutstanding = 0;
  #nextTransferTag = 0;
  #ended = false;

  constructor(options: SessionOptions) {
    const { identity, parameters, home } = options;
    this.identity = identity;
    this.parameters = parameters;
    this.home = home;
    this.transport = options.transport;
    this.scsiTarget = options.scsiTarget;
    this.nexus = options.nexus ?? {
      initiatorName: identity.initiatorName,
      initiatorPortName: `${identity.initiatorName},i,0x${identity.isid}`,
      targetName: identity.targetName ?? "",
      portalGroupTag: identity.portalGroupTag,
    };
    this.window = new CommandWindow(options.firstCmdSN);
    this.initiatorDataSegmentBytesMax = parameters.initiatorMaxRecvDataSegmentLength;
    this.replay =
      parameters.errorRecoveryLevel > 0
        ? new Replay(
            (pdus, sent) => this.transport.send(pdus, sent),
            () => this.peek(),
          )
        : undefined;
    this.#solicitor = new Solicitor(home.limits.tasksSolicitingMax);
    this.#statSN = options.statSN;
    this.#expStatSN = options.statSN;
    this.#afterStatusSN = options.statSN;
  }

  get firstBurstLength(): number {
    return this.parameters.firstBurstLength;
  }

  get maxBurstLength(): number {
    return this.parameters.maxBurstLength;
  }

  get maxOutstandingR2T(): number {
    return this.parameters.maxOutstandingR2T;
  }

  get recoversData(): boolean {
    return this.replay !== undefined;
  }

  /** Sends PDUs in one batch. `done` is called once, when nothing of them is needed any more. */
  send(pdus: readonly RawPdu[], done?: () => void): void {
    if (this.replay === undefined || this.#ended) return this.transport.send(pdus, done);
    this.replay.send(pdus, done);
    const { unconfirmedMax, unconfirmedBytesMax } = this.home.limits;
    if (this.replay.size > unconfirmedMax)
      return this.transport.close("the initiator confirms nothing");
    if (this.#confirmationAsked || this.replay.dataBytes <= unconfirmedBytesMax) return undefined;
    this.#confirmationAsked = true;
    return this.ping();
  }

  /** Our own NOP-In: what answers it brings ExpStatSN, too (RFC 7143 11.19). */
  ping(): void {
    const ping = nopIn.encode({
      ...this.peek(),
      lun: new Uint8Array(8),
      initiatorTaskTag: TAG_NONE,
      targetTransferTag: this.nextTransferTag(),
    });
    this.send([ping]);
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** The oldest task whose data is on its way. */
  get taskAwaited(): Task | undefined {
    for (const task of this.tasks.values()) if (task.awaitsData) return task;
    return undefined;
  }

  /** Whether a task or a task management function has that Initiator Task Tag. */
  isInUse(tag: number): boolean {
    return this.tasks.has(tag) || this.managing.has(tag);
  }

  /** Immediate commands that run: tasks, and task management functions. */
  get immediateOutstanding(): number {
    return this.#immediateOutstanding + this.managing.size;
  }

  /** StatSN, ExpCmdSN and MaxCmdSN for a PDU that carries status: each uses one StatSN. */
  stamp(): { statSN: number; expCmdSN: number; maxCmdSN: number } {
    const stamp = this.peek();
    this.#statSN = serialAdd(this.#statSN, 1);
    return stamp;
  }

  /** The same for a PDU without status: it shows the next StatSN and leaves it. */
  peek(): { statSN: number; expCmdSN: number; maxCmdSN: number } {
    const allowed =
      this.scsiTarget === undefined
        ? COMMAND_WINDOW_MAX
        : this.home.commandWindow(this.identity.initiatorName);
    this.window.open(allowed, this.#commandsOutstanding);
    const { expCmdSN, maxCmdSN } = this.window;
    return { statSN: this.#statSN, expCmdSN, maxCmdSN };
  }

  /** ExpStatSN came, as in every PDU of an initiator (RFC 7143 4.2.2.2). */
  acknowledge(expStatSN: number): void {
    if (!serialLess(this.#expStatSN, expStatSN)) return;
    // What was never sent cannot be confirmed.
    if (serialLess(this.#statSN, expStatSN)) return;
    this.#expStatSN = expStatSN;
    this.#confirmationAsked = false;
    this.replay?.acknowledge(expStatSN);
  }

  /** Whether the initiator may not know of a command what became of it: no status went out, or none that it confirmed. */
  get #leavesDoubt(): boolean {
    const unconfirmed = serialLess(this.#expStatSN, this.#afterStatusSN);
    return this.tasks.size > 0 || this.managing.size > 0 || unconfirmed;
  }

  /** Adds a task; its tag must be free. */
  add(task: Task): void {
    this.tasks.set(task.initiatorTaskTag, task);
    if (task.immediate) this.#immediateOutstanding += 1;
    else this.#commandsOutstanding += 1;
  }

  /** Takes a task out, if it is still in. */
  #remove(task: Task): void {
    if (this.tasks.get(task.initiatorTaskTag) !== task) return;
    this.tasks.delete(task.initiatorTaskTag);
    this.replay?.taskEnded(task.initiatorTaskTag);
    if (task.immediate) this.#immediateOutstanding -= 1;
    else this.#commandsOutstanding -= 1;
  }

  /** Takes a task away: no answer will be sent for it. */
  abort(task: Task): void {
    this.#remove(task);
    task.abort();
  }

  /** Sends a task's answer, unless the task was taken away meanwhile. */
  complete(task: Task, completion: ScsiCompletion): void {
    if (task.aborted) {
      completion.dataIn?.release();
      return;
    }
    this.#remove(task);
    task.finish();
    this.statistics.commands += 1;
    this.statistics.dataOutBytes += task.takenBytes;
    this.statistics.dataInBytes += completion.dataIn?.byteLength ?? 0;
    sendCompletion(this, task, completion);
    this.#afterStatusSN = this.#statSN;
  }

  /** Answers for a task that the iSCSI layer failed; the device's own answer is dropped, as the task is aborted. */
  fail(task: Task, condition: IscsiCondition): void {
    if (this.tasks.get(task.initiatorTaskTag) !== task) return;
    this.#remove(task);
    sendCompletion(this, task, { status: CHECK_CONDITION, sense: senseOf(condition) });
  }

  awaitTurn(task: Task): void {
    this.#solicitor.awaitTurn(task);
  }

  endTurn(task: Task): void {
    this.#solicitor.endTurn(task);
  }

  sendR2T(task: Task, r2tSN: number, bufferOffset: number, byteLength: number): number {
    const targetTransferTag = this.nextTransferTag();
    const pdu = r2t.encode({
      ...this.peek(),
      lun: task.lun,
      initiatorTaskTag: task.initiatorTaskTag,
      targetTransferTag,
      r2tSN,
      bufferOffset,
      desiredDataTransferLength: byteLength,
    });
    this.send([pdu]);
    return targetTransferTag;
  }

  /** A Target Transfer Tag that is not the reserved one. */
  nextTransferTag(): number {
    const tag = this.#nextTransferTag;
    this.#nextTransferTag = (tag + 1) % TAG_NONE;
    return tag;
  }

  /**
   * Ends the session: every task is taken away. The device learns of the lost nexus, now or when nobody came back for it.
   * Harmless a second time.
   */
  end(nexus: "kept" | "lost"): void {
    if (this.#ended) return;
    this.#ended = true;
    const tasksLost = this.#leavesDoubt;
    for (const task of this.tasks.values()) this.abort(task);
    this.heldCommands.end();
    this.replay?.end();
    if (nexus === "lost") this.scsiTarget?.nexusLost(this.nexus);
    else this.home.nexusLeft(this, tasksLost);
  }
}
