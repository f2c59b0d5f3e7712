/** The CmdSN window of a session (RFC 7143 4.2.2.1): ExpCmdSN, MaxCmdSN, and what to do with a command's CmdSN. */
import { COMMAND_WINDOW_MAX, COMMAND_WINDOW_MIN } from "./limits.ts";
import { serialAdd, serialDistance, serialLess } from "./serial.ts";

/**
 * - `accept`: the next in order; ExpCmdSN has moved past it.
 * - `ignore`: a duplicate, or outside the window: the RFC says to drop it silently.
 * - `gap`: inside the window but not the next. On one connection a command is missing, so it was lost.
 */
export type CmdSnVerdict = "accept" | "ignore" | "gap";

export class CommandWindow {
  #expCmdSN: number;
  #maxCmdSN: number;
  /** Numbers from ExpCmdSN on whose commands will not come any more. */
  readonly #givenUp = new Set<number>();

  /** `firstCmdSN` is the CmdSN of the leading login: login commands are immediate and do not use it up. */
  constructor(firstCmdSN: number) {
    this.#expCmdSN = firstCmdSN;
    this.#maxCmdSN = firstCmdSN;
  }

  get expCmdSN(): number {
    return this.#expCmdSN;
  }

  get maxCmdSN(): number {
    return this.#maxCmdSN;
  }

  /** Judges the CmdSN of a non-immediate command. */
  take(cmdSN: number): CmdSnVerdict {
    const beyond = serialLess(this.#maxCmdSN, cmdSN);
    if (beyond || serialLess(cmdSN, this.#expCmdSN)) return "ignore";
    if (this.#givenUp.has(cmdSN)) return "ignore";
    if (cmdSN !== this.#expCmdSN) return "gap";
    this.#expCmdSN = serialAdd(this.#expCmdSN, 1);
    this.#skip();
    return "accept";
  }

  /**
   * The command of that number was aborted before it came: the number counts as received (RFC 7143 11.6.1). False when it is
   * not one of the window.
   */
  giveUp(cmdSN: number): boolean {
    if (serialLess(this.#maxCmdSN, cmdSN) || serialLess(cmdSN, this.#expCmdSN)) return false;
    this.#givenUp.add(cmdSN);
    this.#skip();
    return true;
  }

  #skip(): void {
    while (this.#givenUp.delete(this.#expCmdSN)) this.#expCmdSN = serialAdd(this.#expCmdSN, 1);
  }

  /**
   * Lets the initiator have `allowed` commands outstanding, of which `outstanding` are. MaxCmdSN never moves back
   * (the RFC: an initiator ignores one that does), so a smaller allowance takes effect as commands come.
   */
  open(allowed: number, outstanding: number): void {
    const bounded = Math.min(Math.max(allowed, COMMAND_WINDOW_MIN), COMMAND_WINDOW_MAX);
    const free = Math.max(bounded - outstanding, 0);
    const maxCmdSN = serialAdd(this.#expCmdSN, free - 1);
    if (serialDistance(this.#maxCmdSN, maxCmdSN) > 0) this.#maxCmdSN = maxCmdSN;
  }
}
