/** What the soak holds a tape to. */
import { expect, test } from "vitest";
import { bytesOf, Ledger } from "./ledger.ts";

const file = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `${name} ${index}`, length: 100 }));

test("files answered for → their objects in order, a filemark behind each", () => {
  const ledger = new Ledger();
  ledger.add(file("a", 2));
  ledger.add(file("b", 1));
  expect(Array.from({ length: ledger.length }, (_, at) => ledger.at(at)?.name ?? null)).toEqual([
    "a 0",
    "a 1",
    null,
    "b 0",
    null,
  ]);
  expect(ledger.fileStarts()).toEqual([0, 3]);
  expect(ledger.bytes).toBe(300);
  ledger.clear();
  expect(ledger).toMatchObject({ length: 0, bytes: 0 });
});

test("the same name and length → the same bytes; another name → others", () => {
  const [one, other] = file("a", 2);
  if (one === undefined || other === undefined) throw new Error("two blocks");
  expect(bytesOf(one)).toEqual(bytesOf({ ...one }));
  expect(bytesOf(one)).toHaveLength(100);
  expect(bytesOf(one).equals(bytesOf(other))).toBe(false);
});
