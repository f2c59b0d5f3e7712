/** The known answers are Python's hashlib over 25h, the secret and the challenge. */
import { describe, expect, test } from "vitest";
import {
  chapAlgorithms,
  chapResponse,
  chooseAlgorithm,
  parseBinary,
  sameBytes,
} from "./chap-values.ts";

const secret = new TextEncoder().encode("a-secret-of-16-b");
const challenge = Uint8Array.from({ length: 16 }, (_, index) => index);
const known: Readonly<Record<number, string>> = {
  5: "69668339082f6b16c6d5707c25ee39d3",
  6: "e8258c1cbea8aae04d64932e13b41146b55de2f7",
  7: "ab037155fb7e19a398bec3e0b51eafddb9f95b27831c3784382d947b7ade227e",
  8: "f9a137323adfbda838dc014efcf4922b05b5baee98ac1b6e3d1daa7a0952a907",
};

test.each(chapAlgorithms)("algorithm $number → its known answer", (algorithm) => {
  const response = chapResponse(algorithm, 0x25, secret, challenge);
  expect(Buffer.from(response).toString("hex")).toBe(known[algorithm.number]);
});

test.each([
  ["5", 5],
  ["5,7", 7],
  ["5,6,7,8", 8],
  ["6,X-own", 6],
  ["9", undefined],
  ["", undefined],
])("CHAP_A=%s → %s", (list, number) => {
  expect(chooseAlgorithm(list)?.number).toBe(number);
});

describe("a binary value", () => {
  test.each([
    ["0x00ff", "00ff"],
    ["0XABcd", "abcd"],
    ["0bAP8=", "00ff"],
    ["0BAAEC", "000102"],
  ])("%s → its bytes", (text, hex) => {
    expect(Buffer.from(parseBinary(text) ?? []).toString("hex")).toBe(hex);
  });

  test.each(["", "0x", "0x0", "0xgg", "0b", "0bA", "0bAP8", "ff", `0x${"00".repeat(1025)}`])(
    "%s → refused",
    (text) => {
      expect(parseBinary(text)).toBeUndefined();
    },
  );
});

test("bytes of another length, or one bit off → not the same", () => {
  expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
  expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
  expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 3))).toBe(false);
});
