/** Early warning, programmable early warning and the partition's end (SSC-5 4.2.4, 4.2.5), partition by partition. */
import { expect, test } from "vitest";
import { type Bench, loadedDrive, pattern } from "../../testing-initiator.ts";

const megabyte = 1_000_000;
/** A partition of 64 MB: early warning 16 MB (a quarter) before its end. */
const capacity = 64 * megabyte;
const readPosition = "34 00 00 00 00 00 00 00 00 00";

/** Puts the position of partition `partition` at `bytes`, and PEWS to `pews` MB. */
async function at(bytes: number, pews: number, partition = 0): Promise<Bench> {
  const bench = await loadedDrive({ capacityBytes: 2 * capacity });
  const { medium, host } = bench;
  await medium.format([capacity, capacity]);
  const size = pews.toString(16).padStart(4, "0");
  const list = Buffer.from(`000010005001001c0000${size}${"00".repeat(24)}`, "hex");
  expect(await host.tell(`15 10 00 00 ${list.length.toString(16)} 00`, list)).toBe("GOOD");
  await medium.locate(0, partition);
  medium.objects = [new Uint8Array(bytes)];
  medium.at = 1;
  return bench;
}

const write = (bench: Bench) => bench.host.tell("0a 00 00 10 00 00", pattern(4096));
const early = "earlyWarning, EOM, information 0";
const programmed = "programmableEarlyWarning, EOM, information 0";

test.each([0, 1])(
  "write that comes to the programmed zone of partition %i → 00/07 once, then GOOD",
  async (partition) => {
    const bench = await at(38 * megabyte - 2048, 10, partition);
    expect(await write(bench)).toBe(programmed);
    expect(await write(bench)).toBe("GOOD");
    expect(bench.medium.partition).toBe(partition);
  },
);

test("filemark that comes to the programmed zone → 00/07 too", async () => {
  const bench = await at(38 * megabyte - 20, 10);
  expect(await bench.host.tell("10 00 00 00 01 00")).toBe(programmed);
});

test("no PEWS → no 00/07", async () => {
  expect(await write(await at(38 * megabyte - 2048, 0))).toBe("GOOD");
});

test("write from before both zones to behind early warning → 00/02, and again", async () => {
  const bench = await at(48 * megabyte - 2048, 0);
  expect(await write(bench)).toBe(early);
  expect(await write(bench)).toBe(early);
  expect(await bench.host.tell("10 00 00 00 01 00")).toBe(early);
});

test("a full partition beside an empty one → VOLUME OVERFLOW here, GOOD there", async () => {
  const bench = await at(capacity - 2048, 0, 1);
  expect(await write(bench)).toBe("volumeOverflow, EOM, information 4096");
  expect(await bench.host.tell("2b 02 00 00 00 00 00 00 00 00")).toBe("GOOD");
  expect(await write(bench)).toBe("GOOD");
});

test.each([
  ["before both", 1000, 0x00],
  ["in the programmed zone", 39 * megabyte, 0x01],
  ["behind early warning", 49 * megabyte, 0x41],
])("READ POSITION %s → flags %i", async (_where, bytes, flags) => {
  const { host } = await at(bytes, 10);
  for (const action of ["00", "06"]) {
    const { data } = await host.send(readPosition.replace("34 00", `34 ${action}`));
    expect(data[0]).toBe(flags);
  }
});
