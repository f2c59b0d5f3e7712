/** Agreement on text keys (RFC 7143 6.2), over the table in keys.ts. Knows no PDUs and no stages but what may come when. */
import type { Limits } from "../limits.ts";
import type { TextPair } from "../pdu/text.ts";
import { type Key, keyTable, type KeyRule, parseNumber } from "./keys.ts";
import { LoginRefusal } from "./status.ts";

export interface Parameters {
  readonly headerDigest: boolean;
  readonly dataDigest: boolean;
  readonly initialR2T: boolean;
  readonly immediateData: boolean;
  readonly firstBurstLength: number;
  readonly maxBurstLength: number;
  readonly maxOutstandingR2T: number;
  /** 0: a damaged PDU costs its task; 1: it is asked for again. */
  readonly errorRecoveryLevel: number;
  /** Seconds an initiator waits before it comes back. */
  readonly defaultTime2Wait: number;
  /** What the initiator takes in one PDU, in bytes. */
  readonly initiatorMaxRecvDataSegmentLength: number;
}

type Settlement = { readonly answer?: string; readonly value: string } | { readonly bad: true };
const bad = { bad: true } as const;
const yesNo = (value: boolean): string => (value ? "Yes" : "No");

function settleBoolean(offer: string, join: (offered: boolean) => boolean): Settlement {
  if (offer !== "Yes" && offer !== "No") return bad;
  const value = yesNo(join(offer === "Yes"));
  return { answer: value, value };
}

function settleNumber(rule: Extract<KeyRule, { least: number }>, offer: string): Settlement {
  const offered = parseNumber(offer, rule.least, rule.most);
  if (offered === undefined) return bad;
  if (rule.kind === "declare-number") return { value: String(offered) };
  const value = String(
    rule.kind === "min" ? Math.min(offered, rule.ours) : Math.max(offered, rule.ours),
  );
  return { answer: value, value };
}

/** Rules by which something is agreed on. */
type SettledRule = Exclude<KeyRule, { kind: "obsolete" | "targets" | "auth-method" }>;

function settle(rule: SettledRule, offer: string): Settlement {
  if (rule.kind === "list") {
    const choice = offer.split(",").find((value) => rule.supported.includes(value));
    return choice === undefined ? bad : { answer: choice, value: choice };
  }
  if (rule.kind === "and") return settleBoolean(offer, (offered) => offered && rule.ours);
  if (rule.kind === "or") return settleBoolean(offer, (offered) => offered || rule.ours);
  if (rule.kind === "declare-text") return offer === "" ? bad : { value: offer };
  return settleNumber(rule, offer);
}

/** One login's negotiation: the values so far. */
export class Negotiation {
  readonly #keys: ReadonlyMap<string, Key>;
  readonly #values = new Map<string, string>();
  readonly #seen = new Set<string>();
  /** What we take for AuthMethod: decided when it is known who wants to log in to what. */
  authMethods: readonly string[] = ["None"];

  constructor(limits: Limits) {
    this.#keys = new Map(keyTable(limits).map((key) => [key.name, key]));
  }

  /** The initiator's value of a key, or what was agreed on, or the default. */
  value(name: string): string | undefined {
    return this.#values.get(name) ?? this.#keys.get(name)?.default;
  }

  /** True when the initiator named the key in this login. */
  offered(name: string): boolean {
    return this.#seen.has(name);
  }

  /** Our answer to one pair, undefined when it asks for none, or why the login ends here. */
  receive([name, offer]: TextPair, stage: "S" | "O"): TextPair | undefined | LoginRefusal {
    const key = this.#keys.get(name);
    if (key === undefined) return [name, "NotUnderstood"];
    if (this.#seen.has(name)) {
      return new LoginRefusal("INITIATOR ERROR", `${name} was sent twice`);
    }
    this.#seen.add(name);
    if (!key.stages.includes(stage)) return [name, "Reject"];
    if (key.rule.kind === "targets") {
      return new LoginRefusal("INITIATOR ERROR", `${name} is not an initiator's key`);
    }
    if (key.rule.kind === "obsolete") return [name, key.rule.answer];
    if (key.normalOnly === true && this.value("SessionType") === "Discovery") {
      return [name, "Irrelevant"];
    }
    return this.#settle(key, this.#ruleOf(key.rule), offer);
  }

  #ruleOf(rule: SettledRule | { readonly kind: "auth-method" }): SettledRule {
    return rule.kind === "auth-method" ? { kind: "list", supported: this.authMethods } : rule;
  }

  #settle(key: Key, rule: SettledRule, offer: string): TextPair | undefined | LoginRefusal {
    const settlement = settle(rule, offer);
    if ("bad" in settlement) {
      if (key.name === "AuthMethod") {
        return new LoginRefusal("AUTHENTICATION FAILURE", `no AuthMethod of ${offer} is supported`);
      }
      const declares = rule.kind === "declare-text" || rule.kind === "declare-number";
      // A declaration has no answer that could carry a Reject (RFC 7143 6.2.2).
      return declares
        ? new LoginRefusal("INITIATOR ERROR", `${key.name} has an inadmissible value`)
        : [key.name, "Reject"];
    }
    this.#values.set(key.name, settlement.value);
    return settlement.answer === undefined ? undefined : [key.name, settlement.answer];
  }

  /** The values as the session uses them. FirstBurstLength never exceeds MaxBurstLength (RFC 7143 13.14). */
  parameters(): Parameters {
    const number = (name: string): number => Number(this.value(name));
    const maxBurstLength = number("MaxBurstLength");
    return {
      headerDigest: this.value("HeaderDigest") === "CRC32C",
      dataDigest: this.value("DataDigest") === "CRC32C",
      initialR2T: this.value("InitialR2T") === "Yes",
      immediateData: this.value("ImmediateData") === "Yes",
      firstBurstLength: Math.min(number("FirstBurstLength"), maxBurstLength),
      maxBurstLength,
      maxOutstandingR2T: number("MaxOutstandingR2T"),
      errorRecoveryLevel: number("ErrorRecoveryLevel"),
      defaultTime2Wait: number("DefaultTime2Wait"),
      initiatorMaxRecvDataSegmentLength: number("MaxRecvDataSegmentLength"),
    };
  }
}
