/** OPEN/CLOSE IMPORT/EXPORT ELEMENT (SMC-3 6.7). */
import { expect, test } from "vitest";
import { testChanger } from "../../testing-changer.ts";

const open = "1b 00 75 30 00 00";
const close = "1b 00 75 30 01 00";
const moveThere = "a5 00 00 00 4e 20 75 30 00 00 00 00";
const report = "b8 03 75 30 00 01 00 00 04 18 00 00";
const access = 0x08;

test("open → no ACCESS, moves there and exchanges from there refused; closed → as before", async () => {
  const { host, robot } = await testChanger();
  robot.cartridges.set(30_001, "RHS009L8");
  expect(await host.tell(open)).toBe("GOOD");
  expect((await host.send(report)).data[18]! & access).toBe(0);
  expect(await host.tell(moveThere)).toBe("magazineNotAccessible");
  expect(await host.tell("a6 00 00 00 75 31 4e 20 75 30 00 00")).toBe("magazineNotAccessible");
  expect(robot.moves).toEqual([]);
  expect(await host.tell(close)).toBe("GOOD");
  expect((await host.send(report)).data[18]! & access).toBe(access);
  expect(await host.tell(moveThere)).toBe("GOOD");
});

test("closed after it was open → the others hear that it may have been accessed, once", async () => {
  const { host, other } = await testChanger();
  await host.tell(open);
  expect(await host.tell(close)).toBe("GOOD");
  expect(await host.tell("00")).toBe("GOOD");
  expect(await other.tell("00")).toBe("importExportAccessed");
  expect(await host.tell(close)).toBe("GOOD");
  expect(await other.tell("00")).toBe("GOOD");
});

test("open while a nexus prevents removal → MEDIUM REMOVAL PREVENTED", async () => {
  const { host, other } = await testChanger();
  await other.tell("1e 00 00 00 01 00");
  expect(await host.tell(open)).toBe("mediumRemovalPrevented");
  await other.tell("1e 00 00 00 00 00");
  expect(await host.tell(open)).toBe("GOOD");
});

test("reset → shut again", async () => {
  const { host, changer } = await testChanger();
  await host.tell(open);
  await changer.logicalUnit.reset();
  expect(await host.tell("00")).toBe("busDeviceReset");
  expect(await host.tell(moveThere)).toBe("GOOD");
});

test.each([
  ["a storage element", "1b 00 4e 20 00 00", "invalidElementAddress, cdb 2"],
  ["action code 2", "1b 00 75 30 02 00", "invalidFieldInCdb, cdb 4 bit 4"],
])("%s → %s: %s", async (_condition, cdb, told) => {
  const { host } = await testChanger();
  expect(await host.tell(cdb)).toBe(told);
});
