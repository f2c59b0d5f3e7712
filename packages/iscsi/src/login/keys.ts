/** The text keys (RFC 7143 13), one row each: type, default, range, how the result is found, when it means nothing. */
import { defaultLimits, type Limits } from "../limits.ts";

/**
 * How a key's value is agreed on (RFC 7143 6.2):
 * - `list`: the first of the initiator's choices that we support.
 * - `and`, `or`: of two booleans. `min`, `max`: of two numbers. Ours is `ours`.
 * - `declare-number`, `declare-text`: each side states its own; nothing is answered.
 * - `obsolete`: RFC 7143 13.25: answered with a constant, never NotUnderstood.
 * - `targets`: only a target may send it.
 * - `auth-method`: a list; what we support depends on who asks for what.
 */
export type KeyRule =
  | { readonly kind: "list"; readonly supported: readonly string[] }
  | { readonly kind: "and"; readonly ours: boolean }
  | { readonly kind: "or"; readonly ours: boolean }
  | {
      readonly kind: "min" | "max" | "declare-number";
      readonly least: number;
      readonly most: number;
      readonly ours: number;
    }
  | { readonly kind: "declare-text" }
  | { readonly kind: "obsolete"; readonly answer: string }
  | { readonly kind: "targets" }
  | { readonly kind: "auth-method" };

export interface Key {
  readonly name: string;
  /** The value when nobody names the key; undefined when it has none. */
  readonly default?: string;
  readonly rule: KeyRule;
  /** Only in the security stage (S), the operational stage (O), either (SO). Full feature phase has its own list. */
  readonly stages: "S" | "O" | "SO";
  /** Answered "Irrelevant" in a discovery session. */
  readonly normalOnly?: boolean;
}

/** A key of the operational stage. */
function operational(name: string, value: string, rule: KeyRule): Key {
  return { name, stages: "O", default: value, rule };
}

/** The same, of normal sessions only. */
function normal(name: string, value: string, rule: KeyRule): Key {
  return { ...operational(name, value, rule), normalOnly: true };
}

const lengths = { least: 512, most: 2 ** 24 - 1 } as const;
const counts = { least: 1, most: 65535 } as const;
const seconds = { least: 0, most: 3600 } as const;
const digests: KeyRule = { kind: "list", supported: ["CRC32C", "None"] };
const declared: KeyRule = { kind: "declare-text" };
const targets: KeyRule = { kind: "targets" };

/** Keys whose row is the same whatever the limits. */
const fixedKeys: readonly Key[] = [
  { name: "AuthMethod", stages: "S", rule: { kind: "auth-method" } },
  { name: "InitiatorName", stages: "SO", rule: declared },
  { name: "InitiatorAlias", stages: "SO", rule: declared },
  { name: "TargetName", stages: "SO", rule: declared },
  { name: "SessionType", stages: "SO", default: "Normal", rule: declared },
  { name: "TargetAlias", stages: "SO", rule: targets },
  { name: "TargetAddress", stages: "SO", rule: targets },
  { name: "TargetPortalGroupTag", stages: "SO", rule: targets },
  operational("HeaderDigest", "None", digests),
  operational("DataDigest", "None", digests),
  operational("DefaultTime2Wait", "2", { kind: "max", ...seconds, ours: 2 }),
  // Tasks end with their connection: nothing of them is retained, and we say so.
  operational("DefaultTime2Retain", "20", { kind: "min", ...seconds, ours: 0 }),
  operational("ErrorRecoveryLevel", "0", { kind: "min", least: 0, most: 2, ours: 1 }),
  // One connection a session: a drive's traffic does not need more.
  normal("MaxConnections", "1", { kind: "min", ...counts, ours: 1 }),
  normal("InitialR2T", "Yes", { kind: "or", ours: false }),
  normal("ImmediateData", "Yes", { kind: "and", ours: true }),
  normal("DataPDUInOrder", "Yes", { kind: "or", ours: true }),
  normal("DataSequenceInOrder", "Yes", { kind: "or", ours: true }),
  normal("TaskReporting", "RFC3720", { kind: "list", supported: ["RFC3720"] }),
  normal("iSCSIProtocolLevel", "1", { kind: "min", least: 0, most: 31, ours: 1 }),
  { name: "IFMarker", stages: "O", rule: { kind: "obsolete", answer: "No" } },
  { name: "OFMarker", stages: "O", rule: { kind: "obsolete", answer: "No" } },
  { name: "IFMarkInt", stages: "O", rule: { kind: "obsolete", answer: "Reject" } },
  { name: "OFMarkInt", stages: "O", rule: { kind: "obsolete", answer: "Reject" } },
];

function length(kind: "min" | "declare-number", ours: number): KeyRule {
  return { kind, ...lengths, ours };
}

/** The table, with this target's side of each value. */
export function keyTable(limits: Limits): readonly Key[] {
  const { maxRecvDataSegmentLength, maxBurstLength, firstBurstLength, maxOutstandingR2T } = limits;
  return [
    ...fixedKeys,
    operational(
      "MaxRecvDataSegmentLength",
      "8192",
      length("declare-number", maxRecvDataSegmentLength),
    ),
    normal("MaxBurstLength", "262144", length("min", maxBurstLength)),
    normal("FirstBurstLength", "65536", length("min", firstBurstLength)),
    normal("MaxOutstandingR2T", "1", { kind: "min", ...counts, ours: maxOutstandingR2T }),
  ];
}

/** The names of all keys that a login may bring. */
export const loginKeys: ReadonlySet<string> = new Set(
  keyTable(defaultLimits).map(({ name }) => name),
);

const NUMBER_PATTERN = /^(?:0|[1-9][0-9]*|0[xX][0-9a-fA-F]+)$/;

/** A numerical value (RFC 7143 6.1: decimal or hexadecimal) within `least`..`most`, or undefined. */
export function parseNumber(text: string, least: number, most: number): number | undefined {
  if (!NUMBER_PATTERN.test(text)) return undefined;
  const value = Number(text);
  return value >= least && value <= most ? value : undefined;
}
