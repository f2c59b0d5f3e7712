/** ERASE(6) (SSC-5 7.1). */
import { expect, test } from "vitest";
import { loadedDrive, pattern } from "../../testing-initiator.ts";

test.each(["19 00", "19 01", "19 03"])("%s → the data ends at the position", async (cdb) => {
  const { host, medium } = await loadedDrive();
  medium.objects = [pattern(4), pattern(4), "filemark"];
  medium.at = 1;
  expect(await host.tell(`${cdb} 00 00 00 00`)).toBe("GOOD");
  expect(medium.objects.length).toBe(1);
  expect(await host.tell("08 00 00 00 04 00")).toBe("endOfData, information 4");
});

test("write protected → DATA PROTECT", async () => {
  const { host } = await loadedDrive({ writeProtected: true });
  expect(await host.tell("19 01 00 00 00 00")).toBe("writeProtected");
});

test("fault → WRITE ERROR", async () => {
  const { host, medium } = await loadedDrive();
  medium.faults.set("erase", "write");
  expect(await host.tell("19 01 00 00 00 00")).toBe("writeError");
});
