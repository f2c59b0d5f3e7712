/** What can go wrong between an initiator and a target, below SCSI: one typed error. */

export type IscsiErrorKind =
  /** The connection ended, from whichever side. */
  | "closed"
  /** A Login Response with a status class other than 0. */
  | "login refused"
  /** The target broke RFC 7143; the connection is no longer used. */
  | "protocol"
  /** A digest of the target's did not match. */
  | "digest"
  /** A Reject PDU named the request. */
  | "rejected"
  /** A task management function took the command away. */
  | "aborted"
  /** No answer in time. */
  | "timeout"
  /** Refused before anything was sent. */
  | "usage";

export class IscsiError extends Error {
  override readonly name = "IscsiError";
  readonly kind: IscsiErrorKind;
  /** Login: class * 256 + detail. Rejected: the reason code. */
  readonly code: number | undefined;

  constructor(kind: IscsiErrorKind, message: string, code?: number) {
    super(message);
    this.kind = kind;
    this.code = code;
  }
}
