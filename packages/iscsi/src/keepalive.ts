/** What a connection does as time passes. Times come in as values; the first `tick` starts the clock. */
import type { ConnectionState } from "./connection-states.ts";
import type { Limits } from "./limits.ts";

/** Ping the initiator, or close the connection for the reason given. */
export type Due = "ping" | "login timeout" | "logout timeout" | "ping timeout" | undefined;

export class Keepalive {
  readonly #limits: Limits;
  #heard = true;
  #startedMs: number | undefined;
  #heardMs = 0;
  #pingedMs: number | undefined;
  #logoutRequestedMs: number | undefined;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Bytes came. When is settled at the next tick: this path is taken for every read. */
  heard(): void {
    this.#heard = true;
  }

  tick(nowMs: number, state: ConnectionState): Due {
    this.#startedMs ??= nowMs;
    if (this.#heard) {
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
    return this.#silence(nowMs);
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
