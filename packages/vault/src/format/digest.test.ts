import { expect, it } from "vitest";
import { base64ToHex, createDigest, hexToBase64 } from "./digest.ts";

it("the check string of the CRC catalogue, in two parts → its published CRC-32C and SHA-256", () => {
  const digest = createDigest();
  digest.update(Buffer.from("1234"));
  digest.update(new Uint8Array(Buffer.from("56789")));
  expect(digest.finish()).toEqual({
    byteLength: 9,
    crc32c: "e3069283",
    sha256: "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
  });
});

it("a CRC with leading zeros → 8 digits, and back", () => {
  expect(base64ToHex(hexToBase64("0000abcd"))).toBe("0000abcd");
});
