/** One target as discovery and login show it. */

export interface TargetRecord {
  readonly name: string;
  /** `host:port`, an IPv6 host in brackets. Empty: the address by which the initiator reached us. */
  readonly addresses: readonly string[];
  readonly alias?: string | undefined;
}
