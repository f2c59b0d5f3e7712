/** What a login has to prove, and what we prove in turn (RFC 7143 9.2, 12.1.3). The gateway decides it; nothing here keeps it. */

/** Secrets for one login. Both directions have their own (RFC 7143 9.2.1): the same secret both ways could be reflected. */
export interface ChapCredentials {
  /** The secret of whoever calls itself `chapName`; undefined when nobody does. */
  initiatorSecret(chapName: string): Uint8Array | undefined;
  /** Our own name and secret, for mutual CHAP; left out: an initiator that asks us for proof is refused. */
  readonly target?: { readonly chapName: string; readonly secret: Uint8Array } | undefined;
}

export interface LoginClaim {
  readonly sessionType: "Normal" | "Discovery";
  readonly initiatorName: string;
  /** A discovery session may name one, but sees them all; undefined when it names none. */
  readonly targetName: string | undefined;
}

export interface Authenticator {
  /** What this login must prove by CHAP; undefined: nothing, AuthMethod is None. */
  credentials(claim: LoginClaim): ChapCredentials | undefined;
  /** Whether an initiator of that name may use the target, and be shown it. */
  mayUse(initiatorName: string, targetName: string): boolean;
  /** Whether the sessions of one initiator keep all others from that target. */
  exclusive(targetName: string): boolean;
  /** Cryptographically random bytes: challenges and identifiers. */
  readonly randomBytes: (count: number) => Uint8Array;
}
