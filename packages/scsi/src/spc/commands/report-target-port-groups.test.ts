/** REPORT TARGET PORT GROUPS (SPC-5 6.39), and that INQUIRY and VPD page 83h agree with it. */
import { expect, test } from "vitest";
import { readBe } from "../../bytes.ts";
import { testChanger } from "../../testing-changer.ts";
import { hex, loadedDrive } from "../../testing-initiator.ts";

test("drive and changer → one group of one port, active/optimized; with the extended header", async () => {
  for (const { host } of [await loadedDrive(), await testChanger()]) {
    expect(hex((await host.send("a3 0a 00 00 00 00 00 00 00 ff 00 00")).data)).toBe(
      "0000000c000100010000000100000001",
    );
    expect(hex((await host.send("a3 2a 00 00 00 00 00 00 00 ff 00 00")).data)).toBe(
      "0000001010000000000100010000000100000001",
    );
  }
});

test("two portal groups → two ports in the one group", async () => {
  const { host } = await loadedDrive({}, { portalGroupTags: [1, 0xab] });
  expect(hex((await host.send("a3 0a 00 00 00 00 00 00 00 ff 00 00")).data)).toBe(
    "00000010000100010000000200000001000000ab",
  );
});

test("INQUIRY → TPGS implicit; page 83h → the same group", async () => {
  for (const { host } of [await loadedDrive(), await testChanger()]) {
    expect((await host.send("12 00 00 00 60 00")).data[5]! & 0x30).toBe(0x10);
    const { data } = await host.send("12 01 83 00 ff 00");
    const groups: number[] = [];
    for (let offset = 4; offset < data.length; offset += 4 + data[offset + 3]!) {
      if ((data[offset + 1]! & 0x3f) === 0x15) groups.push(readBe(data, offset + 6, 2));
    }
    expect(groups).toEqual([1]);
  }
});
