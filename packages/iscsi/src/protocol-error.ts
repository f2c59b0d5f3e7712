/** What an initiator did wrong, and what RFC 7143 11.17.1 calls it in a Reject PDU. */

/** Reason codes of the Reject PDU that this target sends (RFC 7143 11.17.1). */
export const rejectReasons = {
  "Data Digest Error": 0x02,
  "SNACK Reject": 0x03,
  "Protocol Error": 0x04,
  "Command Not Supported": 0x05,
  "Immediate Command Reject": 0x06,
  "Task In Progress": 0x07,
  "Invalid PDU Field": 0x09,
} as const;
export type RejectReason = keyof typeof rejectReasons;

/**
 * - `reject`: answer the PDU with a Reject and go on.
 * - `close`: answer with a Reject and close the connection: with ErrorRecoveryLevel 0 that ends the session.
 * - `drop`: close without a word, because nothing in the stream can be trusted any more.
 */
export type Severity = "reject" | "close" | "drop";

/** A protocol error. A value, not thrown: the connection turns it into a Reject, a close, or both. */
export class ProtocolError {
  readonly reason: RejectReason;
  readonly detail: string;
  readonly severity: Severity;

  constructor(reason: RejectReason, detail: string, severity: Severity = "reject") {
    this.reason = reason;
    this.detail = detail;
    this.severity = severity;
  }
}
