/** The small parts: text keys, serial numbers, sense data, CHAP, negotiation. */
import { expect, test } from "vitest";
import { answerChallenge, chapResponse, verifyTarget } from "./chap.ts";
import { parsePortal } from "./connect.ts";
import { DEFAULT_WISHES, settle } from "./parameters.ts";
import { describeSense, parseSense } from "./sense.ts";
import { isAfter } from "./sequence.ts";
import { decodeText, encodeText } from "./text.ts";

test("text pairs → zero-ended, and back, repeated keys kept", () => {
  const pairs: [string, string][] = [
    ["A", "1"],
    ["A", "2=3"],
    ["B", ""],
  ];
  expect(encodeText(pairs).toString()).toBe("A=1\0A=2=3\0B=\0");
  expect(decodeText(encodeText(pairs))).toEqual(pairs);
});

test("serial numbers → compared around the wrap", () => {
  expect(isAfter(0, 0xffff_ffff)).toBe(true);
  expect(isAfter(0xffff_ffff, 0)).toBe(false);
  expect(isAfter(5, 5)).toBe(false);
});

test("fixed sense with VALID → information is signed", () => {
  const bytes = Buffer.alloc(18);
  bytes.set([0xf0, 0, 0x20, 0xff, 0xff, 0xff, 0xfe], 0);
  expect(parseSense(bytes)).toMatchObject({ incorrectLength: true, information: -2 });
});

test("descriptor sense → information and stream bits out of their descriptors", () => {
  const information = [0x00, 0x0a, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 9];
  const stream = [0x04, 0x02, 0, 0x80];
  const bytes = Buffer.from([0x72, 0, 0, 1, 0, 0, 0, 16, ...information, ...stream]);
  const sense = parseSense(bytes);
  expect(sense).toMatchObject({ filemark: true, information: 9, additionalSenseCodeQualifier: 1 });
  expect(sense && describeSense(sense)).toBe("NO SENSE 00/01 FILEMARK information 9");
});

test("no sense, or what is none → undefined", () => {
  expect(parseSense(Buffer.alloc(0))).toBeUndefined();
  expect(parseSense(Buffer.alloc(18))).toBeUndefined();
});

// Reckoned outside: printf '\x27secret\x01\x02' | md5sum
test("CHAP with MD5 → hash of identifier, secret, challenge", () => {
  const response = chapResponse("5", 0x27, "secret", Uint8Array.of(1, 2));
  expect(response.toString("hex")).toBe("7d8212f43ace87bc1c7163a4459115f5");
});

test("mutual CHAP → the target's proof is checked", () => {
  const credentials = { name: "me", secret: "mine", target: { name: "you", secret: "yours" } };
  const asked = new Map([
    ["CHAP_A", "7"],
    ["CHAP_I", "9"],
    ["CHAP_C", "0x0102"],
  ]);
  const { pairs, challenge } = answerChallenge(credentials, asked);
  expect(pairs.map(([key]) => key)).toEqual(["CHAP_N", "CHAP_R", "CHAP_I", "CHAP_C"]);
  const proof = (secret: string) => {
    const bytes = chapResponse("7", challenge.identifier, secret, challenge.challenge);
    return new Map([
      ["CHAP_N", "you"],
      ["CHAP_R", `0x${bytes.toString("hex")}`],
    ]);
  };
  expect(() => verifyTarget(credentials, challenge, proof("yours"))).not.toThrow();
  expect(() => verifyTarget(credentials, challenge, proof("wrong"))).toThrow(/prove/);
  expect(() => verifyTarget(credentials, challenge, new Map())).toThrow(/prove/);
});

const settled = (answers: [string, string][], wishes = {}) =>
  settle({ ...DEFAULT_WISHES, ...wishes }, new Map(answers));

test("answers → the smaller number, the dominant boolean, the target's own length", () => {
  const made = settled([
    ["MaxBurstLength", "65536"],
    ["InitialR2T", "Yes"],
    ["ImmediateData", "No"],
  ]);
  expect(made).toMatchObject({ maxBurstLength: 65536, initialR2T: true, immediateData: false });
  expect(made.targetMaxRecvDataSegmentLength).toBe(8192);
});

test.each([
  ["a number above the offer", "MaxBurstLength", "99999999"],
  ["no number", "FirstBurstLength", "much"],
  ["no boolean", "InitialR2T", "maybe"],
  ["a digest nobody offered", "DataDigest", "CRC32C"],
  ["a length out of range", "MaxRecvDataSegmentLength", "100"],
])("%s → protocol error", (_name, key, value) => {
  expect(() => settled([[key, value]])).toThrow();
});

test("No to our InitialR2T=Yes → protocol error", () => {
  expect(() => settled([["InitialR2T", "No"]], { initialR2T: true })).toThrow(/negotiation/);
});

test("portals → host and port, IPv6 in brackets", () => {
  expect(parsePortal("127.0.0.1:3260")).toEqual({ host: "127.0.0.1", port: 3260 });
  expect(parsePortal("[::1]:99")).toEqual({ host: "::1", port: 99 });
  expect(parsePortal("tapes")).toEqual({ host: "tapes", port: 3260 });
  expect(() => parsePortal("::1:3")).toThrow(/no portal/);
});
