/** Access control of the gateway: rules of the access file, which the API does not change, and of the API, kept on disk. */
import { isDeepStrictEqual } from "node:util";
import type { Authenticator } from "@reelhouse/iscsi";
import { createInTurn } from "../in-turn.ts";
import { createAuthenticator } from "./authenticator.ts";
import {
  defaultRule,
  discovery,
  everyOther,
  normalized,
  reusedSecrets,
  subjectOf,
} from "./rules.ts";
import type { Rule, Rules, Subject } from "./rules.ts";
import type { RulesFile } from "./rules-file.ts";

export type RuleSource = "default" | "api" | "file";

/** What became of a change. `secretReused`: a secret would prove an initiator and a target, here or with another rule. */
export type ChangeOutcome = "changed" | "unchanged" | "inFile" | "secretReused";

export interface Access {
  readonly authenticator: Authenticator;
  readonly rule: (subject: Subject) => { readonly rule: Rule; readonly source: RuleSource };
  /** Durable and in effect for new logins when it resolves; `undefined` takes the rule away. */
  change(subject: Subject, rule: Rule | undefined): Promise<ChangeOutcome>;
  /** The access file says something else now. Answers whose rules are others by it; they hold when it resolves. */
  replaceFixed(fixed: Rules): Promise<readonly Subject[]>;
}

export interface AccessOptions {
  /** Of the access file; empty without one. */
  readonly fixed: Rules;
  readonly file: RulesFile;
  /** Those that there are now. */
  readonly targetNames: () => readonly string[];
  /** Rules have changed: who logged in by the old ones is to leave. */
  readonly changed: (subjects: readonly Subject[]) => void;
}

export async function openAccess(options: AccessOptions): Promise<Access> {
  const { file, targetNames, changed } = options;
  let { fixed } = options;
  let kept = await file.read();
  const inTurn = createInTurn();

  const fixedRule = (subject: Subject): Rule | undefined =>
    fixed.get(subject) ?? (subject === discovery ? undefined : fixed.get(everyOther));

  const find = (subject: Subject): { rule: Rule; source: RuleSource } => {
    const ofFile = fixedRule(subject);
    if (ofFile !== undefined) return { rule: ofFile, source: "file" };
    const ofApi = kept.get(subject);
    if (ofApi !== undefined) return { rule: ofApi, source: "api" };
    return { rule: defaultRule, source: "default" };
  };

  const reusesOf = (rules: Rules): number => reusedSecrets(new Map([...rules, ...fixed])).length;

  const change = async (subject: Subject, rule: Rule | undefined): Promise<ChangeOutcome> => {
    if (fixedRule(subject) !== undefined) return "inFile";
    const wanted = rule && normalized(rule);
    if (isDeepStrictEqual(kept.get(subject), wanted)) return "unchanged";
    const after = new Map(kept);
    if (wanted === undefined) after.delete(subject);
    else after.set(subject, wanted);
    // Both ways of looking at it are refused; a file that reuses a secret of ours is no reason to refuse anything else.
    if (reusesOf(after) > reusesOf(kept)) return "secretReused";
    await file.write(after);
    kept = after;
    changed([subject]);
    return "changed";
  };

  const replaceFixed = async (after: Rules): Promise<readonly Subject[]> => {
    const subjects = [discovery, ...targetNames().map(subjectOf)];
    const before = new Map(subjects.map((subject) => [subject, find(subject).rule]));
    fixed = after;
    const others = subjects.filter(
      (subject) => !isDeepStrictEqual(before.get(subject), find(subject).rule),
    );
    if (others.length > 0) changed(others);
    return others;
  };

  return {
    authenticator: createAuthenticator((subject) => find(subject).rule),
    rule: find,
    change: (subject, rule) => inTurn(() => change(subject, rule)),
    replaceFixed: (after) => inTurn(() => replaceFixed(after)),
  };
}
