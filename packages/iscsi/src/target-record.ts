/** One target as discovery and login show it. */

export interface TargetRecord {
  readonly name: string;
  /** Where its logins are sent instead (RFC 7143 6.3.1, 11.13.5), as `host:port`. */
  readonly redirect?: { readonly address: string; readonly permanent: boolean } | undefined;
  readonly alias?: string | undefined;
}
