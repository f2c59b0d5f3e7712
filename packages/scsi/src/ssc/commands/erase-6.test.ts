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

test("long with IMMED → ERASE in progress for REQUEST SENSE, not ready for commands, then the data is gone", async () => {
  const { host, drive, medium } = await loadedDrive();
  medium.objects = [pattern(4), pattern(4)];
  const erased = Promise.withResolvers<undefined>();
  const erase = medium.erase.bind(medium);
  medium.erase = () => erased.promise.then(erase);
  expect(await host.tell("19 03 00 00 00 00")).toBe("GOOD");
  expect(await host.tell("00")).toBe("operationInProgress, data 0");
  const { data } = await host.send("03 00 00 00 12 00");
  expect([data[2], data[12], data[13], data[15]]).toEqual([0, 0x00, 0x18, 0x80]);
  erased.resolve(undefined);
  await drive.operation?.ended;
  expect(await host.tell("00")).toBe("GOOD");
  expect([medium.objects.length, medium.synchronizations]).toEqual([0, 1]);
});
