/** Who may log in to what, as rules by subject: a target's name, or discovery. Pure: no file, no socket. */
import type { ChapCredential, TargetAccess } from "@reelhouse/contracts";

/** What a rule is about: a target's name in small letters, or discovery. */
export type Subject = string;
export const discovery: Subject = "discovery";
/** In the access file: every target that has no rule of its own there. */
export const everyOther: Subject = "*";

export type Rule = TargetAccess;
export type Rules = ReadonlyMap<Subject, Rule>;

/** Everybody, one initiator at a time, nothing to prove. */
export const defaultRule: Rule = { initiators: null, severalInitiators: false, credentials: [] };

export const subjectOf = (targetName: string): Subject => targetName.toLowerCase();

/** iSCSI names are compared in small letters (RFC 7143 4.2.7.1, RFC 3722). */
export const normalized = (rule: Rule): Rule => ({
  initiators: rule.initiators?.map((name) => name.toLowerCase()) ?? null,
  severalInitiators: rule.severalInitiators,
  credentials: rule.credentials.map((credential) => ({
    ...credential,
    initiatorName: credential.initiatorName?.toLowerCase() ?? null,
  })),
});

/** The initiator's own credential, or the one for everybody. */
export function credentialFor(rule: Rule, initiatorName: string): ChapCredential | undefined {
  const wanted = initiatorName.toLowerCase();
  return (
    rule.credentials.find((credential) => credential.initiatorName === wanted) ??
    rule.credentials.find((credential) => credential.initiatorName === null)
  );
}

/** Where a secret that proves an initiator also proves a target. */
export interface Reuse {
  readonly subject: Subject;
  /** Of the credential whose target secret it is. */
  readonly index: number;
}

/**
 * RFC 7143 9.2.1: one secret for both directions could be reflected, also from one target to another. Empty: there is none.
 */
export function reusedSecrets(rules: Rules): readonly Reuse[] {
  const all = [...rules].flatMap(([subject, { credentials }]) =>
    credentials.map((credential, index) => ({ subject, index, credential })),
  );
  const proving = new Set(all.map(({ credential }) => credential.secret));
  return all
    .filter(({ credential: { target } }) => target !== null && proving.has(target.secret))
    .map(({ subject, index }) => ({ subject, index }));
}
