/** The rules as packages/iscsi asks for them at each login (RFC 7143 9.2): a change takes effect at the next one. */
import { randomBytes } from "node:crypto";
import type { Authenticator } from "@reelhouse/iscsi";
import { credentialFor, discovery, subjectOf } from "./rules.ts";
import type { Rule, Subject } from "./rules.ts";

const bytesOf = (secret: string): Uint8Array => new TextEncoder().encode(secret);

export function createAuthenticator(ruleOf: (subject: Subject) => Rule): Authenticator {
  return {
    credentials({ sessionType, initiatorName, targetName }) {
      // Discovery asks for its own proof, also when it names a target: it shows all of them.
      const named = sessionType === "Discovery" ? undefined : targetName;
      const rule = ruleOf(named === undefined ? discovery : subjectOf(named));
      if (rule.credentials.length === 0) return undefined;
      // An initiator without a credential is asked for proof all the same: it learns nothing from the question.
      const credential = credentialFor(rule, initiatorName);
      const target = credential?.target ?? undefined;
      return {
        initiatorSecret: (chapName) =>
          credential?.chapName === chapName ? bytesOf(credential.secret) : undefined,
        target: target && { chapName: target.chapName, secret: bytesOf(target.secret) },
      };
    },
    mayUse(initiatorName, targetName) {
      const { initiators } = ruleOf(subjectOf(targetName));
      return initiators === null || initiators.includes(initiatorName.toLowerCase());
    },
    exclusive: (targetName) => !ruleOf(subjectOf(targetName)).severalInitiators,
    randomBytes,
  };
}
