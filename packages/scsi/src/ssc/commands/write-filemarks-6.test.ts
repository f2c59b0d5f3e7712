/** WRITE FILEMARKS(6) (SSC-5 7.15). */
import { expect, test } from "vitest";
import { loadedDrive, pattern } from "../../testing-initiator.ts";

test("count 2 → two filemarks, stored", async () => {
  const { host, medium } = await loadedDrive();
  expect(await host.tell("10 00 00 00 02 00")).toBe("GOOD");
  expect(medium.objects).toEqual(["filemark", "filemark"]);
  expect(medium.synchronizedCount).toBe(2);
});

test("IMMED → written, not stored", async () => {
  const { host, medium } = await loadedDrive();
  expect(await host.tell("10 01 00 00 01 00")).toBe("GOOD");
  expect(medium.synchronizations).toBe(0);
});

test("count 0 → only stores what is buffered", async () => {
  const { host, medium } = await loadedDrive();
  await host.tell("0a 00 00 00 04 00", pattern(4));
  expect(await host.tell("10 00 00 00 00 00")).toBe("GOOD");
  expect(medium.synchronizedCount).toBe(1);
  expect(medium.objects.length).toBe(1);
});

test("WSMK → INVALID FIELD IN CDB", async () => {
  const { host } = await loadedDrive();
  expect(await host.tell("10 02 00 00 01 00")).toBe("invalidFieldInCdb, cdb 1 bit 1");
});

test("write protected → DATA PROTECT; count 0 → GOOD", async () => {
  const { host } = await loadedDrive({ writeProtected: true });
  expect(await host.tell("10 00 00 00 01 00")).toBe("writeProtected");
  expect(await host.tell("10 00 00 00 00 00")).toBe("GOOD");
});

test("fault when storing → WRITE ERROR; told once", async () => {
  const { host, medium } = await loadedDrive();
  medium.faults.set("synchronize", "write");
  expect(await host.tell("10 00 00 00 01 00")).toBe("writeError");
  expect(await host.tell("10 00 00 00 00 00")).toBe("GOOD");
});

test("past early warning → written, EOM", async () => {
  const { host, medium } = await loadedDrive({ capacityBytes: 1000 });
  medium.objects = [pattern(900)];
  medium.at = 1;
  expect(await host.tell("10 00 00 00 01 00")).toBe("earlyWarning, EOM, information 0");
  expect(medium.objects.length).toBe(2);
});

test("full tape → filemarks still fit; past their reserve → VOLUME OVERFLOW", async () => {
  const { host, medium } = await loadedDrive({ capacityBytes: 1000 });
  medium.objects = [pattern(1000)];
  medium.at = 1;
  expect(await host.tell("10 00 00 00 01 00")).toBe("earlyWarning, EOM, information 0");
  medium.objects = [new Uint8Array(1000 + 1024 * 1024)];
  medium.at = 1;
  expect(await host.tell("10 00 00 00 01 00")).toBe("volumeOverflow, EOM, information 1");
});

test.each([false, true])(
  "no room for what is buffered (medium waits: %s) → BUSY, no filemark; the retry writes it once",
  async (waits) => {
    const { host, medium } = await loadedDrive({ waits });
    await host.tell("0a 00 00 00 04 00", pattern(4));
    medium.faults.set("synchronize", "full");
    expect(await host.tell("10 00 00 00 01 00")).toBe("BUSY");
    expect(medium.objects).toEqual([pattern(4)]);
    expect(await host.tell("10 00 00 00 01 00")).toBe("GOOD");
    expect(medium.objects).toEqual([pattern(4), "filemark"]);
    expect(medium.synchronizedCount).toBe(2);
  },
);

test("failure to store what is buffered → WRITE ERROR with all filemarks as residue, none written", async () => {
  const { host, medium } = await loadedDrive();
  await host.tell("0a 00 00 00 04 00", pattern(4));
  medium.faults.set("synchronize", "write");
  expect(await host.tell("10 00 00 00 02 00")).toBe("writeError, information 2");
  expect(medium.objects).toEqual([pattern(4)]);
});

test("no room for the filemarks themselves → WRITE ERROR, never BUSY; they are stored later", async () => {
  const { host, medium } = await loadedDrive();
  medium.faults.set("synchronize", "full");
  expect(await host.tell("10 00 00 00 01 00")).toBe("writeError");
  expect(medium.objects).toEqual(["filemark"]);
  medium.faults.set("synchronize", "full");
  expect(await host.tell("10 00 00 00 00 00")).toBe("BUSY");
  expect(await host.tell("10 00 00 00 00 00")).toBe("GOOD");
  expect(medium.synchronizedCount).toBe(1);
});
