/** Write protected, write-once and append-only media, command by command. */
import { expect, test } from "vitest";
import { hex, loadedDrive, pattern } from "../testing-initiator.ts";

const objects = [
  ["WRITE(6)", "0a 00 00 00 04 00"],
  ["WRITE FILEMARKS(6)", "10 00 00 00 01 00"],
] as const;
const writes = [...objects, ["ERASE(6)", "19 00 00 00 00 00"]] as const;
const formats = [
  ["FORMAT MEDIUM", "04 00 00 00 00 00"],
  ["SET CAPACITY", "0b 00 00 ff ff 00"],
] as const;

/** Device Configuration Extension with WRITE MODE append-only; Device Configuration with SWP. */
const appendOnly = Buffer.from(`000010005001001c0010${"00".repeat(26)}`, "hex");
const softwareProtect = Buffer.from("00001000100e0000000000004000140000000100", "hex");

async function select(list: Uint8Array) {
  const bench = await loadedDrive();
  expect(await bench.host.tell(`15 10 00 00 ${list.length.toString(16)} 00`, list)).toBe("GOOD");
  return bench;
}

test.each([...writes, ...formats])(
  "%s on a protected medium → WRITE PROTECTED",
  async (_n, cdb) => {
    const { host } = await loadedDrive({ writeProtected: true });
    expect(await host.tell(cdb, pattern(4))).toBe("writeProtected");
  },
);

test.each([...writes, ...formats])(
  "%s with SWP set → SOFTWARE WRITE PROTECTED",
  async (_n, cdb) => {
    const { host } = await select(softwareProtect);
    expect(await host.tell(cdb, pattern(4))).toBe("softwareWriteProtected");
    expect((await host.send("1a 08 00 00 04 00")).data[2]! & 0x80).toBe(0x80);
  },
);

test.each(writes)("%s before data of a write-once medium → refused", async (_name, cdb) => {
  const { host, medium } = await loadedDrive({ worm: true });
  medium.objects = [pattern(4), "filemark", pattern(4)];
  medium.at = 1;
  expect(await host.tell(cdb, pattern(4))).toBe("wormOverwriteAttempted");
  expect(medium.objects.length).toBe(3);
});

test.each(writes)("%s at end of data of a write-once medium → GOOD", async (_name, cdb) => {
  const { host, medium } = await loadedDrive({ worm: true });
  medium.objects = [pattern(4)];
  medium.at = 1;
  expect(await host.tell(cdb, pattern(4))).toBe("GOOD");
  expect(medium.objects[0]).toEqual(pattern(4));
});

test.each(objects)("%s over the last filemarks of a write-once medium → GOOD", async (_n, cdb) => {
  const { host, medium } = await loadedDrive({ worm: true });
  medium.objects = [pattern(4), "filemark", "filemark"];
  medium.at = 2;
  expect(await host.tell(cdb, pattern(4))).toBe("GOOD");
  expect(medium.objects.length).toBe(3);
});

test("ERASE of the last filemarks of a write-once medium → refused", async () => {
  const { host, medium } = await loadedDrive({ worm: true });
  medium.objects = [pattern(4), "filemark"];
  medium.at = 1;
  expect(await host.tell("19 01 00 00 00 00")).toBe("wormOverwriteAttempted");
});

test.each(formats)("%s of a write-once medium, empty too → refused", async (_name, cdb) => {
  const { host } = await loadedDrive({ worm: true });
  expect(await host.tell(cdb)).toBe("wormOverwriteAttempted");
});

test.each(writes)(
  "append-only mode: %s before data → refused; at end of data → GOOD",
  async (_n, cdb) => {
    const { host, medium } = await select(appendOnly);
    medium.objects = [pattern(4), pattern(4)];
    medium.at = 1;
    expect(await host.tell(cdb, pattern(4))).toBe("wormOverwriteAttempted");
    medium.at = 2;
    expect(await host.tell(cdb, pattern(4))).toBe("GOOD");
  },
);

test.each(writes)("append-only mode, ALLOW OVERWRITE here: %s → GOOD, once", async (_name, cdb) => {
  const { host, medium } = await select(appendOnly);
  medium.objects = [pattern(4), pattern(4), pattern(4)];
  medium.at = 1;
  expect(await host.tell("82 00 01 00 00000000 00000001 00000000")).toBe("GOOD");
  expect(await host.tell(cdb, pattern(4))).toBe("GOOD");
  medium.objects = [pattern(4), pattern(4), pattern(4)];
  medium.at = 2;
  expect(await host.tell(cdb, pattern(4))).toBe("wormOverwriteAttempted");
});

test.each(formats)(
  "append-only mode: %s → refused, until ALLOW OVERWRITE says format",
  async (_n, cdb) => {
    const { host, medium } = await select(appendOnly);
    medium.objects = [pattern(4)];
    expect(await host.tell(cdb)).toBe("wormOverwriteAttempted");
    expect(await host.tell("82 00 02 00 00000000 00000000 00000000")).toBe("GOOD");
    expect(await host.tell(cdb)).toBe("GOOD");
    medium.objects = [pattern(4)];
    expect(await host.tell(cdb)).toBe("wormOverwriteAttempted");
  },
);

test("write-once medium → medium type 8Ch, and told in Volume Statistics", async () => {
  const { host } = await loadedDrive({ worm: true });
  expect(hex((await host.send("1a 00 00 00 04 00")).data)).toBe("0b8c1008");
  const { data } = await host.send("4d 00 57 00 00 00 81 ff ff 00");
  expect(hex(data.subarray(4, 9))).toBe("0081030101");
});

test("ALLOW OVERWRITE before a reset → allows nothing after it", async () => {
  const { host, drive, medium } = await select(appendOnly);
  medium.objects = [pattern(4)];
  medium.at = 0;
  expect(await host.tell("82 00 01 00 00000000 00000000 00000000")).toBe("GOOD");
  await drive.logicalUnit.reset();
  await host.tell("00");
  expect(await host.tell(`15 10 00 00 ${appendOnly.length.toString(16)} 00`, appendOnly)).toBe(
    "GOOD",
  );
  expect(await host.tell("0a 00 00 00 04 00", pattern(4, 2))).toBe("wormOverwriteAttempted");
});
