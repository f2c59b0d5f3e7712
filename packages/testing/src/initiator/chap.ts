/** CHAP (RFC 1994 as RFC 7143 12.1.3 uses it), the initiator's half, one way or both. */
import { createHash, randomBytes } from "node:crypto";
import { IscsiError } from "./errors.ts";

export interface ChapCredentials {
  readonly name: string;
  readonly secret: string;
  /** Given: the target must prove itself as well. */
  readonly target?: { readonly name: string; readonly secret: string };
}

/** CHAP_A codes: MD5 is RFC 7143's, the others are IANA's later ones. */
const ALGORITHMS: Readonly<Record<string, string>> = { "5": "md5", "6": "sha1", "7": "sha256" };

export const chapAlgorithms = "7,5";

const CHALLENGE_BYTES = 16;

/** Hash of identifier, secret and challenge. */
export const chapResponse = (
  algorithm: string,
  identifier: number,
  secret: string,
  challenge: Uint8Array,
): Buffer =>
  createHash(ALGORITHMS[algorithm] ?? "md5")
    .update(Uint8Array.of(identifier))
    .update(secret)
    .update(challenge)
    .digest();

/** Binary values come as 0x… or 0b… (base64) (RFC 7143 6.1). */
export const decodeBinary = (value: string): Buffer => {
  if (/^0x/i.test(value)) return Buffer.from(value.slice(2), "hex");
  if (/^0b/i.test(value)) return Buffer.from(value.slice(2), "base64");
  throw new IscsiError("protocol", `"${value}" is no binary value`);
};

const encodeBinary = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString("hex")}`;

/** What we sent, to check the target's answer against. */
export interface Challenge {
  readonly algorithm: string;
  readonly identifier: number;
  readonly challenge: Buffer;
}

/** Answers CHAP_A, CHAP_I, CHAP_C of the target. */
export const answerChallenge = (
  credentials: ChapCredentials,
  theirs: ReadonlyMap<string, string>,
): { readonly pairs: [string, string][]; readonly challenge: Challenge } => {
  const algorithm = theirs.get("CHAP_A") ?? "";
  if (ALGORITHMS[algorithm] === undefined)
    throw new IscsiError("protocol", `the target chose CHAP algorithm "${algorithm}"`);
  const identifier = Number(theirs.get("CHAP_I"));
  const response = chapResponse(
    algorithm,
    identifier,
    credentials.secret,
    decodeBinary(theirs.get("CHAP_C") ?? ""),
  );
  const pairs: [string, string][] = [
    ["CHAP_N", credentials.name],
    ["CHAP_R", encodeBinary(response)],
  ];
  const challenge = {
    algorithm,
    identifier: randomBytes(1).readUInt8(),
    challenge: randomBytes(CHALLENGE_BYTES),
  };
  if (credentials.target !== undefined) {
    pairs.push(["CHAP_I", String(challenge.identifier)]);
    pairs.push(["CHAP_C", encodeBinary(challenge.challenge)]);
  }
  return { pairs, challenge };
};

/** Checks CHAP_N and CHAP_R of the target. Throws IscsiError `login refused`. */
export const verifyTarget = (
  credentials: ChapCredentials,
  challenge: Challenge,
  theirs: ReadonlyMap<string, string>,
): void => {
  if (credentials.target === undefined) return;
  const { algorithm, identifier } = challenge;
  const expected = chapResponse(
    algorithm,
    identifier,
    credentials.target.secret,
    challenge.challenge,
  );
  const answered = theirs.get("CHAP_R");
  const proved = answered !== undefined && decodeBinary(answered).equals(expected);
  if (!proved || theirs.get("CHAP_N") !== credentials.target.name)
    throw new IscsiError("login refused", "the target could not prove who it is");
};
