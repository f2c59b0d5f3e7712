import { expect, test } from "vitest";
import {
  barcode,
  entityName,
  manifestDirectory,
  manifestKey,
  segmentId,
  segmentRef,
} from "./ids.ts";

const segment = { library: "gw1", barcode: "RHS001L8", generation: 3, partition: 0, number: 42 };

test("a segment's id → is its key below the prefix", () => {
  expect(segmentId(segment)).toBe("gw1/RHS001L8/g3/p0/00000042");
});

test("manifest keys → sort in order of publication, below their directory", () => {
  const keys = [1, 2, 10, 999, 1000].map((sequence) => manifestKey(segment, sequence));
  expect([...keys].sort()).toEqual(keys);
  expect(keys.every((key) => key.startsWith(manifestDirectory(segment)))).toBe(true);
});

test.each(["ABCD", "abcde", "RHS001L8 ", "A".repeat(17), "../../etc", ""])(
  "barcode %j → refused",
  (text) => {
    expect(barcode.safeParse(text).success).toBe(false);
  },
);

test.each(["GW1", "-gw", "", "a/b", "..", "x".repeat(33)])("name %j → refused", (text) => {
  expect(entityName.safeParse(text).success).toBe(false);
});

test.each([{ partition: 4 }, { number: 0 }, { generation: 0 }, { number: 1.5 }])(
  "a segment with %o → refused",
  (wrong) => {
    expect(segmentRef.safeParse({ ...segment, ...wrong }).success).toBe(false);
  },
);
