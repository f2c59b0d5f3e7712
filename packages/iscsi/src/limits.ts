/** What this target offers and allows. Each number is a constant with a reason; a gateway may set them lower. */

export interface Limits {
  /** Bytes of data segment we take in one PDU: one receive slab, so a PDU spans two slabs at most. */
  readonly maxRecvDataSegmentLength: number;
  /** Unsolicited bytes a command may bring: one common tape block of 1 MiB needs no R2T. */
  readonly firstBurstLength: number;
  /** Bytes of one R2T or one Data-In sequence: the most the key allows (RFC 7143 13.13). */
  readonly maxBurstLength: number;
  /** R2Ts under way for a task: enough to hide a round trip, and a bound on what a task can make arrive. */
  readonly maxOutstandingR2T: number;
  /** Tasks of a session that R2Ts are under way for, at one time. */
  readonly tasksSolicitingMax: number;
  /** Immediate commands a session may have running (RFC 7143 4.2.2.1: more are rejected with reason 0x06). */
  readonly immediateCommandsMax: number;
  /**
   * Answers and R2Ts an initiator may leave unconfirmed at ErrorRecoveryLevel 1. Each of its PDUs confirms what came before,
   * so that a sane one leaves no more than its window.
   */
  readonly unconfirmedMax: number;
  /**
   * Bytes of data in answers that it has not confirmed, before we ask it to by a ping: they lie in buffers that reads need, and an
   * initiator that waits for those reads has nothing to say by itself. A quarter of the longest block.
   */
  readonly unconfirmedBytesMax: number;
  /** Connections, of all initiators, before logins are refused with "out of resources". */
  readonly connectionsMax: number;
  /** Sessions of all initiators, and of one, before logins are refused the same way. One that is reinstated does not count. */
  readonly sessionsMax: number;
  readonly sessionsPerInitiatorMax: number;
  /** And of one source, whatever names it gives: names cost nothing where none has to be proven. */
  readonly sessionsPerSourceMax: number;
  /**
   * Discovery sessions, which the limits above do not count: one takes milliseconds and may need no proof, so that one too
   * many ends the oldest of whoever has the most instead of keeping anybody out.
   */
  readonly discoverySessionsMax: number;
  /** Bytes of text keys an initiator may spread over PDUs with the C bit; all its keys together need less than 2 KiB. */
  readonly textBytesMax: number;
  /** From accept to full feature phase. */
  readonly loginTimeoutMs: number;
  /** Silence after which we ping, and how long we then wait for any PDU. */
  readonly pingAfterMs: number;
  readonly pingTimeoutMs: number;
  /**
   * From the first R2T of a command, or the command itself where data follows unasked, to its last Data-Out: 16 MiB at 140 kB
   * a second. Data that does not come holds slabs that others need. Time in which we did not read does not count.
   */
  readonly dataOutTimeoutMs: number;
  /**
   * How long a nexus outlives a broken connection: an initiator that comes back within it finds its reservations and
   * parameters, and hears of a loss only when commands were under way. Linux comes back within a few seconds.
   */
  readonly nexusRetentionMs: number;
  /** What we give an initiator to log out when we ask it to (Parameter3 of the Asynchronous Message). */
  readonly logoutTimeoutMs: number;
}

export const defaultLimits: Limits = {
  maxRecvDataSegmentLength: 2 ** 20,
  firstBurstLength: 2 ** 20,
  maxBurstLength: 2 ** 24 - 1,
  maxOutstandingR2T: 8,
  tasksSolicitingMax: 2,
  immediateCommandsMax: 32,
  unconfirmedMax: 1024,
  unconfirmedBytesMax: 4 * 2 ** 20,
  connectionsMax: 576,
  sessionsMax: 256,
  sessionsPerInitiatorMax: 140,
  sessionsPerSourceMax: 140,
  discoverySessionsMax: 64,
  textBytesMax: 16 * 1024,
  loginTimeoutMs: 15_000,
  pingAfterMs: 10_000,
  pingTimeoutMs: 15_000,
  dataOutTimeoutMs: 120_000,
  nexusRetentionMs: 20_000,
  logoutTimeoutMs: 10_000,
};

/** CmdSN window bounds: what `commandWindow()` answers is cut to these. */
export const COMMAND_WINDOW_MIN = 1;
export const COMMAND_WINDOW_MAX = 128;
