/** What a connection does as time passes. Times come in as values; the first `tick` starts the clock. */
import type { ConnectionState } from "./connection-states.ts";
import type { Limits } from "./limits.ts";

/** Ping the initiator, or close the connection for the reason given. */
export type Due =
  | "ping"
  | "login timeout"
  | "logout timeout"
  | "ping timeout"
  | "data timeout"
  | undefined;

/** How the connection stands at a tick. */
export interface Standing {
  readonly state: ConnectionState;
  /** Nothing is read for want of our own memory: neither silence nor missing data is the initiator's doing. */
  readonly isHeldBack: boolean;
  /** The initiator is taking what we have sent. */
  readonly isTaking: boolean;
  /** The task whose data is awaited, compared by identity. */
  readonly taskAwaited: object | undefined;
}

export class Keepalive {
  readonly #limits: Limits;
  #heard = true;
  #startedMs: number | undefined;
  #tickedMs = 0;
  #heardMs = 0;
  #pingedMs: number | undefined;
  #logoutRequestedMs: number | undefined;
  #taskAwaited: object | undefined;
  #awaitedMs = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Bytes came. When is settled at the next tick: this path is taken for every read. */
  heard(): void {
    this.#heard = true;
  }

  tick(nowMs: number, standing: Standing): Due {
    const { state } = standing;
    this.#startedMs ??= nowMs;
    const passedMs = standing.isHeldBack ? 0 : nowMs - this.#tickedMs;
    this.#tickedMs = nowMs;
    if (this.#heard || standing.isHeldBack || standing.isTaking) {
      this.#heard = false;
      this.#heardMs = nowMs;
      this.#pingedMs = undefined;
    }
    if (state === "XPT_UP" || state === "IN_LOGIN") {
      return nowMs - this.#startedMs >= this.#limits.loginTimeoutMs ? "login timeout" : undefined;
    }
    if (state === "LOGOUT_REQUESTED" || state === "IN_LOGOUT") {
      this.#logoutRequestedMs ??= nowMs;
      const waitedMs = nowMs - this.#logoutRequestedMs;
      return waitedMs >= this.#limits.logoutTimeoutMs ? "logout timeout" : undefined;
    }
    return this.#awaited(passedMs, standing.taskAwaited) ?? this.#silence(nowMs);
  }

  #awaited(passedMs: number, task: object | undefined): Due {
    const isSame = task !== undefined && task === this.#taskAwaited;
    this.#taskAwaited = task;
    this.#awaitedMs = isSame ? this.#awaitedMs + passedMs : 0;
    return this.#awaitedMs >= this.#limits.dataOutTimeoutMs ? "data timeout" : undefined;
  }

  #silence(nowMs: number): Due {
    if (this.#pingedMs !== undefined) {
      return nowMs - this.#pingedMs >= this.#limits.pingTimeoutMs ? "ping timeout" : undefined;
    }
    if (nowMs - this.#heardMs < this.#limits.pingAfterMs) return undefined;
    this.#pingedMs = nowMs;
    return "ping";
  }
}
