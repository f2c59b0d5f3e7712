/** READ(6) (SSC-5 7.5). */
import { expect, test } from "vitest";
import { dataOutOf, hex, loadedDrive, pattern } from "../../testing-initiator.ts";

async function withBlocks(...lengths: number[]) {
  const bench = await loadedDrive();
  bench.medium.objects = lengths.map((length, index) => pattern(length, index));
  return bench;
}

async function setBlockLength(bench: Awaited<ReturnType<typeof loadedDrive>>, length: number) {
  const list = Buffer.from(`0000100800000000${length.toString(16).padStart(8, "0")}`, "hex");
  expect(await bench.host.tell("15 10 00 00 0c 00", list)).toBe("GOOD");
  expect(await bench.other.tell("00")).toBe("modeParametersChanged");
}

test("variable block of the length asked for → GOOD with its bytes", async () => {
  const { host, medium } = await withBlocks(1000);
  const answer = await host.send("08 00 00 03 e8 00");
  expect(answer.outcome).toBe("GOOD");
  expect(hex(answer.data)).toBe(hex(pattern(1000, 0)));
  expect(medium.leases).toBe(0);
});

test("medium that answers at once → completion without a promise", async () => {
  const { host } = await withBlocks(10);
  expect(host.execute("08 00 00 00 0a 00")).not.toBeInstanceOf(Promise);
});

test("block shorter than asked → ILI, positive residue, the block's bytes", async () => {
  const { host } = await withBlocks(10);
  const answer = await host.send("08 00 00 00 10 00");
  expect(answer).toMatchObject({ outcome: "noSense", flags: "ILI", information: 6 });
  expect(answer.data.length).toBe(10);
});

test("block longer than asked → ILI, negative residue, position after the block", async () => {
  const { host, medium } = await withBlocks(10, 11);
  const answer = await host.send("08 00 00 00 04 00");
  expect(answer).toMatchObject({ outcome: "noSense", flags: "ILI", information: -6 });
  expect(answer.data.length).toBe(4);
  expect(medium.at).toBe(1);
});

test("SILI with a shorter block → GOOD", async () => {
  const { host } = await withBlocks(10);
  expect((await host.send("08 02 00 00 10 00")).outcome).toBe("GOOD");
});

test("SILI with a longer block, block length 0 → GOOD; block length not 0 → ILI", async () => {
  const bench = await withBlocks(10, 10);
  expect(await bench.host.tell("08 02 00 00 04 00")).toBe("GOOD");
  await setBlockLength(bench, 512);
  expect(await bench.host.tell("08 02 00 00 04 00")).toBe("noSense, ILI, information -6");
});

test("transfer length 0 → GOOD, no movement", async () => {
  const { host, medium } = await withBlocks(10);
  expect(await host.tell("08 00 00 00 00 00")).toBe("GOOD");
  expect(medium.at).toBe(0);
});

test("filemark → FILEMARK with the whole length as residue, position after it", async () => {
  const { host, medium } = await loadedDrive();
  medium.objects = ["filemark"];
  expect(await host.tell("08 00 00 00 10 00")).toBe("filemarkDetected, FILEMARK, information 16");
  expect(medium.at).toBe(1);
});

test("end of data → BLANK CHECK with the whole length as residue", async () => {
  const { host } = await loadedDrive();
  expect(await host.tell("08 00 00 00 10 00")).toBe("endOfData, information 16");
});

test("FIXED with block length 0 → INVALID FIELD IN CDB at FIXED", async () => {
  const { host } = await loadedDrive();
  expect(await host.tell("08 01 00 00 01 00")).toBe("invalidFieldInCdb, cdb 1 bit 0");
});

test("SILI with FIXED → INVALID FIELD IN CDB at SILI", async () => {
  const { host } = await loadedDrive();
  expect(await host.tell("08 03 00 00 01 00")).toBe("invalidFieldInCdb, cdb 1 bit 1");
});

test("fixed blocks → GOOD with all bytes in order", async () => {
  const bench = await withBlocks(512, 512, 512);
  await setBlockLength(bench, 512);
  const answer = await bench.host.send("08 01 00 00 03 00");
  expect(answer.outcome).toBe("GOOD");
  expect(hex(answer.data)).toBe(hex(pattern(512, 0)) + hex(pattern(512, 1)) + hex(pattern(512, 2)));
  expect(bench.medium.leases).toBe(0);
});

test("fixed blocks up to a filemark → residue in blocks, the data before it", async () => {
  const bench = await withBlocks(512, 512);
  bench.medium.objects.push("filemark");
  await setBlockLength(bench, 512);
  const answer = await bench.host.send("08 01 00 00 05 00");
  expect(answer).toMatchObject({ outcome: "filemarkDetected", flags: "FILEMARK", information: 3 });
  expect(answer.data.length).toBe(1024);
});

test("fixed blocks up to end of data → BLANK CHECK, residue in blocks, the data before it", async () => {
  const bench = await withBlocks(512);
  await setBlockLength(bench, 512);
  const answer = await bench.host.send("08 01 00 00 05 00");
  expect(answer).toMatchObject({ outcome: "endOfData", information: 4 });
  expect(answer.data.length).toBe(512);
});

test("fixed, second block of another length → ILI, residue without it", async () => {
  const bench = await withBlocks(512, 100, 512);
  await setBlockLength(bench, 512);
  const answer = await bench.host.send("08 01 00 00 03 00");
  expect(answer).toMatchObject({ outcome: "noSense", flags: "ILI", information: 2 });
  expect(answer.data.length).toBe(612);
  expect(bench.medium.at).toBe(2);
});

test("fixed count beyond the transfer limit → INVALID FIELD IN CDB", async () => {
  const bench = await loadedDrive();
  await setBlockLength(bench, 512);
  expect(await bench.host.tell("08 01 ff ff ff 00")).toBe("invalidFieldInCdb, cdb 2 bit 7");
});

test.each([
  ["read", "unrecoveredReadError, information 16"],
  ["recall", "internalTargetFailure, information 16"],
  ["full", "BUSY"],
] as const)("medium fault %s → %s", async (fault, told) => {
  const { host, medium } = await withBlocks(16);
  medium.faults.set("read", fault);
  expect(await host.tell("08 00 00 00 10 00")).toBe(told);
});

test("no room in the cache after some fixed blocks → BUSY, position as before, nothing held", async () => {
  const bench = await withBlocks(512, 512, 512);
  await setBlockLength(bench, 512);
  const { medium, host } = bench;
  const readBlock = medium.read.bind(medium);
  let reads = 0;
  medium.read = (length) => {
    reads++;
    if (reads === 3) medium.faults.set("read", "full");
    return readBlock(length);
  };
  expect(await host.tell("08 01 00 00 03 00")).toBe("BUSY");
  expect(medium.at).toBe(0);
  expect(medium.leases).toBe(0);
});

test("medium that waits → the same data by promise", async () => {
  const bench = await loadedDrive({ waits: true });
  bench.medium.objects = [pattern(512, 0), pattern(512, 1)];
  await setBlockLength(bench, 512);
  const pending = bench.host.execute("08 01 00 00 02 00");
  expect(pending).toBeInstanceOf(Promise);
  expect((await pending).dataIn?.byteLength).toBe(1024);
});

test("read after write → buffered data is stored first, a failure is told", async () => {
  const { host, medium } = await loadedDrive();
  expect(await host.tell("0a 00 00 00 04 00", pattern(4))).toBe("GOOD");
  medium.faults.set("synchronize", "write");
  expect(await host.tell("08 00 00 00 10 00")).toBe("writeError");
});

test("enciphered block without decryption → 7/74/01 with the residue, the block stays the next one", async () => {
  const bench = await loadedDrive();
  const { host, medium } = bench;
  await medium.writeBlocks(dataOutOf(pattern(100)), 100, { enciphered: true });
  await host.send("01");
  expect(await host.tell("08 00 00 00 64 00")).toBe("unableToDecryptData, information 100");
  await setBlockLength(bench, 50);
  expect(await host.tell("08 01 00 00 03 00")).toBe("unableToDecryptData, information 3");
  expect([medium.at, medium.leases]).toEqual([0, 0]);
});
