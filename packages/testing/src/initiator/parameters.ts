/** Operational parameters (RFC 7143 13): what we offer, and what an answer makes of it. */
import { IscsiError } from "./errors.ts";

export type Digest = "None" | "CRC32C";

/** What the initiator would like. Lengths in bytes. */
export interface Wishes {
  readonly headerDigest: Digest;
  readonly dataDigest: Digest;
  readonly initialR2T: boolean;
  readonly immediateData: boolean;
  readonly maxRecvDataSegmentLength: number;
  readonly maxBurstLength: number;
  readonly firstBurstLength: number;
  readonly maxOutstandingR2T: number;
}

export const DEFAULT_WISHES: Wishes = {
  headerDigest: "None",
  dataDigest: "None",
  initialR2T: false,
  immediateData: true,
  maxRecvDataSegmentLength: 256 * 1024,
  maxBurstLength: 1024 * 1024,
  firstBurstLength: 256 * 1024,
  maxOutstandingR2T: 1,
};

/** What holds on the connection. */
export interface Parameters extends Wishes {
  /** The target's MaxRecvDataSegmentLength: the largest data segment we may send. */
  readonly targetMaxRecvDataSegmentLength: number;
}

const yesNo = (value: boolean) => (value ? "Yes" : "No");

/** The keys an initiator offers in the operational stage. */
export const offerOf = (wishes: Wishes): [string, string][] => [
  ["HeaderDigest", wishes.headerDigest === "None" ? "None" : "CRC32C,None"],
  ["DataDigest", wishes.dataDigest === "None" ? "None" : "CRC32C,None"],
  ["MaxRecvDataSegmentLength", String(wishes.maxRecvDataSegmentLength)],
  ["InitialR2T", yesNo(wishes.initialR2T)],
  ["ImmediateData", yesNo(wishes.immediateData)],
  ["MaxBurstLength", String(wishes.maxBurstLength)],
  ["FirstBurstLength", String(wishes.firstBurstLength)],
  ["MaxOutstandingR2T", String(wishes.maxOutstandingR2T)],
  ["MaxConnections", "1"],
  ["DataPDUInOrder", "Yes"],
  ["DataSequenceInOrder", "Yes"],
  ["ErrorRecoveryLevel", "0"],
  ["DefaultTime2Wait", "2"],
  ["DefaultTime2Retain", "0"],
];

const RFC_DEFAULT_MAX_RECV = 8192;
const MAX_RECV_LIMITS = [512, 2 ** 24 - 1] as const;

/** Puts the target's answers together with our wishes. Throws IscsiError `protocol` for an answer that is not allowed. */
export const settle = (wishes: Wishes, answers: ReadonlyMap<string, string>): Parameters => {
  const number = (key: string, offered: number): number => {
    const text = answers.get(key);
    if (text === undefined || text === "Irrelevant") return offered;
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1 || value > offered)
      throw new IscsiError("protocol", `${key}=${text} answers an offer of ${offered}`);
    return value;
  };
  /** `dominant`: the value that wins when one side has it (Yes for OR, No for AND). */
  const boolean = (key: string, offered: boolean, dominant: boolean): boolean => {
    const text = answers.get(key);
    if (text === undefined) return offered;
    const value = text === "Yes";
    if (!value && text !== "No") throw new IscsiError("protocol", `${key}=${text}`);
    if (offered === dominant && value !== dominant)
      throw new IscsiError("protocol", `${key}=${text} is not the result of the negotiation`);
    return value;
  };
  const digest = (key: string, offered: Digest): Digest => {
    const text = answers.get(key) ?? "None";
    if (text !== "None" && (text !== "CRC32C" || offered === "None"))
      throw new IscsiError("protocol", `${key}=${text} was not offered`);
    return text;
  };
  const theirs = Number(answers.get("MaxRecvDataSegmentLength") ?? RFC_DEFAULT_MAX_RECV);
  if (!(theirs >= MAX_RECV_LIMITS[0] && theirs <= MAX_RECV_LIMITS[1]))
    throw new IscsiError("protocol", `MaxRecvDataSegmentLength=${theirs}`);
  return {
    headerDigest: digest("HeaderDigest", wishes.headerDigest),
    dataDigest: digest("DataDigest", wishes.dataDigest),
    initialR2T: boolean("InitialR2T", wishes.initialR2T, true),
    immediateData: boolean("ImmediateData", wishes.immediateData, false),
    maxRecvDataSegmentLength: wishes.maxRecvDataSegmentLength,
    maxBurstLength: number("MaxBurstLength", wishes.maxBurstLength),
    firstBurstLength: number("FirstBurstLength", wishes.firstBurstLength),
    maxOutstandingR2T: number("MaxOutstandingR2T", wishes.maxOutstandingR2T),
    targetMaxRecvDataSegmentLength: theirs,
  };
};
