/**
 * A session of one connection in full feature phase (RFC 7143 4.2, 11), as a strict initiator: it obeys the CmdSN
 * window, and a target that breaks an order of numbers or data ends the session with IscsiError `protocol`.
 */
import { type CommandOptions, type CommandResult, CommandTask } from "./command-task.ts";
import { planUnsolicited, sendSolicited, sendUnsolicited } from "./data-out.ts";
import { IscsiError } from "./errors.ts";
import type { LoginResult } from "./login.ts";
import {
  INITIATOR_OPCODES,
  REJECT_REASONS,
  RESERVED_TAG,
  TARGET_OPCODES,
  type LogoutReason,
  type TaskManagementFunction,
} from "./opcodes.ts";
import type { Parameters } from "./parameters.ts";
import * as pduIn from "./pdu-in.ts";
import * as pduOut from "./pdu-out.ts";
import { isAfter, next } from "./sequence.ts";
import { decodeText, encodeText } from "./text.ts";
import type { Transport } from "./transport.ts";

export interface StartedCommand {
  readonly initiatorTaskTag: number;
  readonly done: Promise<CommandResult>;
}

type Answer = Exclude<
  pduIn.TargetPdu,
  { kind: "dataIn" | "r2t" | "scsiResponse" | "loginResponse" }
>;

interface Exchange {
  readonly kind: Answer["kind"];
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: IscsiError) => void;
}

/** Long enough for a LOCATE that recalls segments; shorter ones are the caller's choice. */
const COMMAND_TIMEOUT_MS = 120_000;
const EXCHANGE_TIMEOUT_MS = 20_000;

export class Session {
  readonly transport: Transport;
  readonly parameters: Parameters;
  readonly login: LoginResult;
  /** Every Reject and Async Message that came, for tests to look at. */
  readonly rejects: pduIn.Reject[] = [];
  readonly asyncMessages: pduIn.AsyncMessage[] = [];
  readonly #tasks = new Map<number, CommandTask>();
  readonly #exchanges = new Map<number, Exchange>();
  /** Tags of which an answer may still come though nobody waits: rejected, aborted or timed out. */
  readonly #forgotten = new Set<number>();
  readonly #waiting: CommandTask[] = [];
  #cmdSN: number;
  #expStatSN: number;
  #maxCmdSN: number;
  #tag = 0;

  constructor(transport: Transport, login: LoginResult) {
    this.transport = transport;
    this.login = login;
    this.parameters = login.parameters;
    this.#cmdSN = login.cmdSN;
    this.#expStatSN = login.expStatSN;
    this.#maxCmdSN = login.maxCmdSN;
    transport.handler = {
      place: (bhs) => this.#place(bhs),
      pdu: (bhs, data) => this.#received(pduIn.decodeTargetPdu(bhs, data)),
      closed: (error) => this.#closed(error),
    };
    if (transport.error !== undefined) this.#closed(transport.error);
  }

  /** Commands the target takes beyond those in flight: how far its window is open. */
  get commandWindow(): number {
    return (this.#maxCmdSN - this.#cmdSN + 1) | 0;
  }

  /** Runs a command to its end. Throws IscsiError; a CHECK CONDITION is a result. */
  command(cdb: Uint8Array, options: CommandOptions = {}): Promise<CommandResult> {
    return this.start(cdb, options).done;
  }

  /** Starts a command; it is sent as soon as the window allows, in the order of the calls. */
  start(cdb: Uint8Array, options: CommandOptions = {}): StartedCommand {
    const padded = Buffer.alloc(16);
    padded.set(cdb);
    const lun = pduOut.encodeLun(options.lun ?? 0);
    const task = new CommandTask(this.#nextTag(), padded, lun, options, (ended) =>
      this.#tasks.delete(ended.initiatorTaskTag),
    );
    if (this.transport.error !== undefined) {
      task.fail(this.transport.error);
      return task;
    }
    this.#tasks.set(task.initiatorTaskTag, task);
    const timeoutMs = options.timeoutMs ?? COMMAND_TIMEOUT_MS;
    task.timer = setTimeout(() => {
      this.#forgotten.add(task.initiatorTaskTag);
      task.fail(new IscsiError("timeout", `no SCSI Response in ${timeoutMs} ms`));
    }, timeoutMs);
    this.#waiting.push(task);
    this.#sendWaiting();
    return task;
  }

  /** Pings the target; answers with the data it sent back. */
  async ping(data: Uint8Array = Buffer.alloc(0)): Promise<Buffer> {
    const answer = await this.#exchange("nopIn", true, (numbers) =>
      this.transport.send(
        pduOut.encodeNopOut({
          ...numbers,
          immediate: true,
          lun: pduOut.encodeLun(0),
          targetTransferTag: RESERVED_TAG,
          dataLength: data.byteLength,
        }),
        data,
      ),
    );
    return answer.data;
  }

  /** A text negotiation, for instance `SendTargets=All`; follows the target's continuations to the end. */
  async text(pairs: Iterable<readonly [string, string]>): Promise<[string, string][]> {
    const received: Buffer[] = [];
    let data = encodeText(pairs);
    let targetTransferTag: number = RESERVED_TAG;
    for (;;) {
      const body = data;
      const answer = await this.#exchange("textResponse", false, (numbers) => {
        const pdu = { ...numbers, final: true, continues: false, targetTransferTag };
        this.transport.send(
          pduOut.encodeTextRequest({ ...pdu, dataLength: body.byteLength }),
          body,
        );
      });
      received.push(answer.data);
      if (answer.targetTransferTag === RESERVED_TAG) return decodeText(Buffer.concat(received));
      targetTransferTag = answer.targetTransferTag;
      data = Buffer.alloc(0);
    }
  }

  /** Asks for a task management function; answers its response code (11.6.1). Tasks it took away end with `aborted`. */
  async manage(
    functionName: TaskManagementFunction,
    options: { readonly lun?: number; readonly task?: StartedCommand } = {},
  ): Promise<number> {
    const lun = pduOut.encodeLun(options.lun ?? 0);
    const named = options.task && this.#tasks.get(options.task.initiatorTaskTag);
    const answer = await this.#exchange("taskManagementResponse", true, (numbers) =>
      this.transport.send(
        pduOut.encodeTaskManagementRequest({
          ...numbers,
          lun,
          function: functionName,
          referencedTaskTag: options.task?.initiatorTaskTag ?? RESERVED_TAG,
          refCmdSN: named?.cmdSN ?? 0,
        }),
      ),
    );
    if (answer.response === 0) {
      const whole = functionName.startsWith("target");
      const hit = (task: CommandTask) =>
        functionName === "abortTask" ? task === named : whole || task.lun.equals(lun);
      for (const task of [...this.#tasks.values()].filter(hit)) {
        this.#forgotten.add(task.initiatorTaskTag);
        task.fail(new IscsiError("aborted", functionName));
      }
    }
    return answer.response;
  }

  /** Logs out and ends the connection. Answers the response code (11.15.1). */
  async logout(reason: LogoutReason = "closeSession"): Promise<number> {
    const answer = await this.#exchange("logoutResponse", true, (numbers) =>
      this.transport.send(pduOut.encodeLogoutRequest({ ...numbers, reason, cid: 0 })),
    );
    this.transport.end();
    return answer.response;
  }

  /** Cuts the connection, as a host that lost power does. */
  cut(): void {
    this.transport.cut();
  }

  #nextTag(): number {
    this.#tag = next(this.#tag) % RESERVED_TAG;
    return this.#tag;
  }

  async #exchange<K extends Answer["kind"]>(
    kind: K,
    immediate: boolean,
    send: (numbers: { initiatorTaskTag: number; cmdSN: number; expStatSN: number }) => void,
  ): Promise<Extract<Answer, { kind: K }>> {
    if (this.transport.error !== undefined) throw this.transport.error;
    const initiatorTaskTag = this.#nextTag();
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.#exchanges.set(initiatorTaskTag, { kind, resolve, reject });
    const timer = setTimeout(() => {
      this.#forgotten.add(initiatorTaskTag);
      this.#exchanges.delete(initiatorTaskTag);
      reject(new IscsiError("timeout", `no ${kind} in ${EXCHANGE_TIMEOUT_MS} ms`));
    }, EXCHANGE_TIMEOUT_MS);
    send({ initiatorTaskTag, cmdSN: this.#cmdSN, expStatSN: this.#expStatSN });
    if (!immediate) this.#cmdSN = next(this.#cmdSN);
    try {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- #answer compared the kinds
      return (await promise) as Extract<Answer, { kind: K }>;
    } finally {
      clearTimeout(timer);
    }
  }

  #sendWaiting(): void {
    while (this.#waiting.length > 0 && !isAfter(this.#cmdSN, this.#maxCmdSN)) {
      const task = this.#waiting.shift();
      if (task !== undefined && !task.ended) this.#sendCommand(task);
    }
  }

  #sendCommand(task: CommandTask): void {
    const { dataOut, options } = task;
    const plan = planUnsolicited(this.parameters, dataOut.byteLength);
    task.cmdSN = this.#cmdSN;
    this.#cmdSN = next(this.#cmdSN);
    const write = options.dataOut !== undefined;
    const header = pduOut.encodeScsiCommand({
      lun: task.lun,
      cdb: task.cdb,
      read: options.dataInLength !== undefined,
      write,
      final: plan.unsolicitedEnd === plan.immediateLength,
      initiatorTaskTag: task.initiatorTaskTag,
      cmdSN: task.cmdSN,
      expStatSN: this.#expStatSN,
      expectedDataTransferLength:
        options.expectedDataTransferLength ??
        (write ? dataOut.byteLength : (options.dataInLength ?? 0)),
      immediateDataLength: plan.immediateLength,
    });
    this.transport.send(header, dataOut.subarray(0, plan.immediateLength));
    sendUnsolicited(this.transport, task, plan, this.parameters, this.#expStatSN);
  }

  #place(bhs: Buffer): Buffer | undefined {
    if ((bhs.readUInt8(0) & 0x3f) !== TARGET_OPCODES.dataIn) return undefined;
    const pdu = pduIn.decodeDataIn(bhs);
    return this.#tasks.get(pdu.initiatorTaskTag)?.place(pdu);
  }

  #received(pdu: pduIn.TargetPdu): void {
    this.#account(pdu);
    switch (pdu.kind) {
      case "dataIn":
        return this.#taskOf(pdu)?.dataIn(pdu);
      case "scsiResponse":
        return this.#taskOf(pdu)?.response(pdu);
      case "r2t":
        return this.#r2t(pdu);
      case "reject":
        return this.#reject(pdu);
      case "asyncMessage":
        this.asyncMessages.push(pdu);
        return undefined;
      case "nopIn":
        return pdu.initiatorTaskTag === RESERVED_TAG ? this.#answerPing(pdu) : this.#answer(pdu);
      case "taskManagementResponse":
      case "textResponse":
      case "logoutResponse":
        return this.#answer(pdu);
      case "loginResponse":
        throw new IscsiError("protocol", "a Login Response in full feature phase");
    }
  }

  /** StatSN and the command window (4.2.2). */
  #account(pdu: pduIn.TargetPdu): void {
    const carriesStatus =
      pdu.kind === "dataIn"
        ? pdu.hasStatus
        : pdu.kind !== "r2t" && !(pdu.kind === "nopIn" && pdu.initiatorTaskTag === RESERVED_TAG);
    if (carriesStatus) {
      if (pdu.statSN !== this.#expStatSN)
        throw new IscsiError("protocol", `StatSN ${pdu.statSN}, expected ${this.#expStatSN}`);
      this.#expStatSN = next(this.#expStatSN);
    }
    if (isAfter(pdu.expCmdSN, this.#cmdSN))
      throw new IscsiError("protocol", `ExpCmdSN ${pdu.expCmdSN} was never sent`);
    if (isAfter(pdu.maxCmdSN, this.#maxCmdSN)) {
      this.#maxCmdSN = pdu.maxCmdSN;
      this.#sendWaiting();
    }
  }

  #taskOf(pdu: {
    readonly initiatorTaskTag: number;
    readonly kind: string;
  }): CommandTask | undefined {
    const task = this.#tasks.get(pdu.initiatorTaskTag);
    if (task === undefined && !this.#forgotten.has(pdu.initiatorTaskTag))
      throw new IscsiError("protocol", `${pdu.kind} for a task that is not there`);
    return task;
  }

  #r2t(pdu: pduIn.R2t): void {
    const task = this.#taskOf(pdu);
    if (task === undefined) return;
    task.r2t(pdu);
    if (pdu.desiredDataTransferLength > this.parameters.maxBurstLength)
      throw new IscsiError("protocol", "an R2T asks for more than MaxBurstLength");
    sendSolicited(this.transport, task, pdu, this.parameters, this.#expStatSN);
  }

  #answerPing(pdu: pduIn.NopIn): void {
    if (pdu.targetTransferTag === RESERVED_TAG) return;
    const header = pduOut.encodeNopOut({
      immediate: true,
      initiatorTaskTag: RESERVED_TAG,
      cmdSN: this.#cmdSN,
      expStatSN: this.#expStatSN,
      lun: pdu.lun,
      targetTransferTag: pdu.targetTransferTag,
      dataLength: 0,
    });
    this.transport.send(header);
  }

  #answer(pdu: Answer): void {
    const exchange = this.#exchanges.get(pdu.initiatorTaskTag);
    if (exchange === undefined && this.#forgotten.has(pdu.initiatorTaskTag)) return;
    if (exchange?.kind !== pdu.kind)
      throw new IscsiError("protocol", `${pdu.kind} that nobody asked for`);
    this.#exchanges.delete(pdu.initiatorTaskTag);
    exchange.resolve(pdu);
  }

  /** A Reject of a request ends it. One of a Data-Out does not: its command still gets a response (11.17.1). */
  #reject(pdu: pduIn.Reject): void {
    this.rejects.push(pdu);
    if (pdu.rejectedHeader.length < pduOut.HEADER_BYTES) return;
    if ((pdu.rejectedHeader.readUInt8(0) & 0x3f) === INITIATOR_OPCODES.dataOut) return;
    const tag = pdu.rejectedHeader.readUInt32BE(16);
    const reason = REJECT_REASONS[pdu.reason] ?? `reason ${pdu.reason}`;
    const error = new IscsiError("rejected", `the target rejected the PDU: ${reason}`, pdu.reason);
    this.#forgotten.add(tag);
    this.#tasks.get(tag)?.fail(error);
    this.#exchanges.get(tag)?.reject(error);
    this.#exchanges.delete(tag);
  }

  #closed(error: IscsiError): void {
    for (const task of this.#tasks.values()) task.fail(error);
    for (const exchange of this.#exchanges.values()) exchange.reject(error);
    this.#exchanges.clear();
    this.#waiting.length = 0;
  }
}
