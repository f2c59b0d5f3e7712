/** A network portal of a target as discovery names it (RFC 7143 4.2.7.2, 4.2.8). */

export interface TargetPortal {
  /** `host:port`, an IPv6 host in brackets. */
  readonly address: string;
  /** 1 to 65535. Sessions of one initiator port to two groups are two nexuses. */
  readonly portalGroupTag: number;
}
