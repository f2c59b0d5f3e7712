/** The checksum of parts joined is that of the whole, wherever it is cut. */
import { assert, property, uint8Array } from "fast-check";
import { expect, test } from "vitest";
import { crc32cOf } from "./bytes.ts";
import { crc32cConcat } from "./crc-concat.ts";

test("two parts of any length → the checksum of both in a row", () => {
  const part = uint8Array({ maxLength: 5000 });
  assert(
    property(part, part, (first, second) => {
      const joined = crc32cConcat(crc32cOf([first]), crc32cOf([second]), second.byteLength);
      expect(joined).toBe(crc32cOf([first, second]));
    }),
  );
});

test.each([0, 1, 32, 65_536, 16_777_215, 2 ** 26 + 3])(
  "zeroes, then %i bytes more of them → as if read in one go",
  (byteLength) => {
    const first = crc32cOf([Buffer.from("123456789")]);
    const rest = Buffer.alloc(byteLength);
    expect(crc32cConcat(first, crc32cOf([rest]), byteLength)).toBe(crc32cOf([rest], first));
  },
);
