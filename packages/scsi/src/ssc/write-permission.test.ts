/** Write protected and write-once media, command by command. */
import { expect, test } from "vitest";
import { hex, loadedDrive, pattern } from "../testing-initiator.ts";

const writes = [
  ["WRITE(6)", "0a 00 00 00 04 00"],
  ["WRITE FILEMARKS(6)", "10 00 00 00 01 00"],
  ["ERASE(6)", "19 00 00 00 00 00"],
] as const;

test.each(writes)("%s on a protected medium → WRITE PROTECTED", async (_name, cdb) => {
  const { host } = await loadedDrive({ writeProtected: true });
  expect(await host.tell(cdb, pattern(4))).toBe("writeProtected");
});

test.each(writes)("%s before end of data of a write-once medium → refused", async (_name, cdb) => {
  const { host, medium } = await loadedDrive({ worm: true });
  medium.objects = [pattern(4), "filemark"];
  medium.at = 1;
  expect(await host.tell(cdb, pattern(4))).toBe("wormOverwriteAttempted");
  expect(medium.objects.length).toBe(2);
});

test.each(writes)("%s at end of data of a write-once medium → GOOD", async (_name, cdb) => {
  const { host, medium } = await loadedDrive({ worm: true });
  medium.objects = [pattern(4)];
  medium.at = 1;
  expect(await host.tell(cdb, pattern(4))).toBe("GOOD");
  expect(medium.objects[0]).toEqual(pattern(4));
});

test("write-once medium → medium type 8Ch, and told in Volume Statistics", async () => {
  const { host } = await loadedDrive({ worm: true });
  expect(hex((await host.send("1a 00 00 00 04 00")).data)).toBe("0b8c1008");
  const { data } = await host.send("4d 00 57 00 00 00 81 ff ff 00");
  expect(hex(data.subarray(4, 9))).toBe("0081030101");
});
