/** The door of packages/iscsi: the target side of RFC 7143, and the PDU codecs for both sides. */
export { Connection, type ConnectionPort } from "./connection.ts";
export type { ConnectionState } from "./connection-states.ts";
export { defaultLimits, type Limits } from "./limits.ts";
export type { Authenticator, ChapCredentials, LoginClaim } from "./login/authentication.ts";
export { chapAlgorithms, chapResponse, formatBinary, parseBinary } from "./login/chap-values.ts";
export type { LoggedInIdentity, LoginIdentity } from "./login/login.ts";
export type { Parameters } from "./login/negotiation.ts";
export { type LoginStatus, loginStatuses } from "./login/status.ts";
export type { Observer, SessionInfo } from "./observer.ts";
export { BHS_BYTES, TAG_NONE } from "./pdu/bhs.ts";
export { type Digests, noDigests, type RawPdu, toWire } from "./pdu/codec.ts";
export { DataSegment, dataSegmentOf, joinViews, type SlabOwner } from "./pdu/data-segment.ts";
export { type ParsedPdu, Parser, type ParserSink } from "./pdu/parser.ts";
export {
  decodeInitiatorPdu,
  decodeTargetPdu,
  type InitiatorPdu,
  initiatorPdus,
  type TargetPdu,
  targetPdus,
} from "./pdu/pdus.ts";
export { readSense } from "./pdu/scsi-response.ts";
export { decodeText, encodeText, type TextPair } from "./pdu/text.ts";
export { ProtocolError, type RejectReason, rejectReasons } from "./protocol-error.ts";
export type * from "./scsi-target.ts";
export type { Session } from "./session.ts";
export type { SessionStatistics } from "./session-statistics.ts";
export { IscsiTarget, type IscsiTargetOptions } from "./target.ts";
export type { TargetPortal } from "./target-portal.ts";
export type { TargetRecord } from "./target-record.ts";
export { TaskAborted } from "./task-aborted.ts";
