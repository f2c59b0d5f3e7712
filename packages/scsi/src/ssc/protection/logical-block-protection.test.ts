/** Logical block protection (SSC-5 4.2.29, 8.4.9): the mode page, WRITE and READ. */
import { expect, test } from "vitest";
import { join } from "../../bytes.ts";
import { type Bench, type Initiator, hex, loadedDrive, pattern } from "../../testing-initiator.ts";
import { keyOf, setEncryption } from "../encryption/testing-encryption.ts";
import { type ProtectionMethod, guards } from "./methods.ts";

const length24 = (value: number) => value.toString(16).padStart(6, "0");
const write = (length: number, fixed = 0) => `0a 0${fixed} ${length24(length)} 00`;
const read = (length: number, bits = 0) => `08 0${bits} ${length24(length)} 00`;

/** MODE SELECT(10) of Control Data Protection. */
function select(host: Initiator, ...fields: readonly number[]): Promise<string> {
  const page = join(0x4a, 0xf0, 0, 28, Uint8Array.from(fields), new Uint8Array(28 - fields.length));
  return host.tell("55 10 00 00 00 00 00 00 28 00", join(0, 0, 0, 0x10, new Uint8Array(4), page));
}

const both = 0xc0;
const writing = 0x80;
const reading = 0x40;

async function withProtection(method: ProtectionMethod, directions: number): Promise<Bench> {
  const bench = await loadedDrive();
  expect(await select(bench.host, method, 4, directions)).toBe("GOOD");
  return bench;
}

const block = pattern(100);
const guarded = (method: ProtectionMethod, bytes = block) => join(bytes, guards[method]!([bytes]));
const damaged = (bytes: Uint8Array) =>
  Uint8Array.from(bytes, (byte, index) => (index === 50 ? byte ^ 1 : byte));

async function setBlockLength({ host }: Bench, length: number): Promise<void> {
  const list = Buffer.from(`0000100800000000${length.toString(16).padStart(8, "0")}`, "hex");
  expect(await host.tell("15 10 00 00 0c 00", list)).toBe("GOOD");
}

test.each([1, 2] as const)(
  "method %i, both directions → the medium has the bare block, the host gets it guarded",
  async (method) => {
    const { host, medium } = await withProtection(method, both);
    expect(await host.tell(write(104), guarded(method))).toBe("GOOD");
    expect(
      hex(medium.objects[0] instanceof Uint8Array ? medium.objects[0] : new Uint8Array()),
    ).toBe(hex(block));
    await host.tell("01");
    const answer = await host.send(read(104));
    expect([answer.outcome, hex(answer.data)]).toEqual(["GOOD", hex(guarded(method))]);
    expect([medium.leases, host.dataOutHeld]).toEqual([0, 0]);
  },
);

test.each([1, 2] as const)(
  "method %i, damaged on the way → 4/10/01, nothing written",
  async (method) => {
    const { host, medium } = await withProtection(method, both);
    expect(await host.tell(write(104), damaged(guarded(method)))).toBe(
      "logicalBlockGuardCheckFailed, information 104",
    );
    expect([medium.objects.length, host.dataOutHeld]).toEqual([0, 0]);
  },
);

test("block without information, or nothing but information → 4/10/01", async () => {
  const { host } = await withProtection(2, writing);
  expect(await host.tell(write(100), block)).toBe("logicalBlockGuardCheckFailed, information 100");
  expect(await host.tell(write(4), new Uint8Array(4))).toBe(
    "logicalBlockGuardCheckFailed, information 4",
  );
});

test("one direction only → the other transfers bare blocks", async () => {
  const { host } = await withProtection(2, writing);
  await host.tell(write(104), guarded(2));
  await host.tell("01");
  expect(hex((await host.send(read(100))).data)).toBe(hex(block));
  expect(await select(host, 2, 4, reading)).toBe("GOOD");
  expect(await host.tell(write(100), block)).toBe("GOOD");
});

test.each([
  ["more than there is", read(200), "noSense, ILI, information 96", hex(guarded(2))],
  ["the bare length", read(100), "noSense, ILI, information -4", hex(block)],
  [
    "part of the information",
    read(102),
    "noSense, ILI, information -2",
    hex(guarded(2).subarray(0, 102)),
  ],
  ["less than the block, SILI", read(10, 2), "GOOD", hex(block.subarray(0, 10))],
])("READ of %s → lengths and residue count the information", async (_, cdb, outcome, data) => {
  const { host } = await withProtection(2, both);
  await host.tell(write(104), guarded(2));
  await host.tell("01");
  expect(await host.tell(cdb)).toBe(outcome);
  await host.tell("01");
  expect(hex((await host.send(cdb)).data)).toBe(data);
});

test("fixed blocks → BLOCK LENGTH counts the information of each", async () => {
  const bench = await withProtection(1, both);
  const { host, medium } = bench;
  await setBlockLength(bench, 104);
  const blocks = [1, 2, 3].map((seed) => guarded(1, pattern(100, seed)));
  expect(await host.tell(write(3, 1), join(...blocks))).toBe("GOOD");
  expect(medium.objects.map((object) => object.length)).toEqual([100, 100, 100]);
  await host.tell("01");
  const answer = await host.send(read(4, 1));
  expect([answer.outcome, answer.information, hex(answer.data)]).toEqual([
    "endOfData",
    1,
    hex(join(...blocks)),
  ]);
});

test("fixed blocks, the second damaged → 4/10/01, none written", async () => {
  const bench = await withProtection(1, both);
  await setBlockLength(bench, 104);
  const sent = join(guarded(1), damaged(guarded(1)), guarded(1));
  expect(await bench.host.tell(write(3, 1), sent)).toBe(
    "logicalBlockGuardCheckFailed, information 3",
  );
  expect(bench.medium.objects).toEqual([]);
});

test("longest block with its information → taken; one byte more → 5/24/00", async () => {
  const { host } = await withProtection(2, writing);
  const longest = guarded(2, Buffer.alloc(8 * 1024 * 1024, 7));
  expect(await host.tell(write(longest.length), longest)).toBe("GOOD");
  expect(await host.tell(write(longest.length + 1), longest)).toBe(
    "invalidFieldInCdb, cdb 2 bit 7",
  );
});

const longestBlock = Buffer.alloc(8 * 1024 * 1024, 7);
const verify = (length: number, bits = 0) => `13 ${length24(bits).slice(4)} ${length24(length)} 00`;

test.each([
  ["VERIFY", 0x00],
  ["VERIFY with BYTCMP", 0x02],
])(
  "%s of the longest block with its information → GOOD; one byte more → 5/24/00",
  async (_, bits) => {
    const { host } = await withProtection(2, both);
    const longest = guarded(2, longestBlock);
    expect(await host.tell(write(longest.length), longest)).toBe("GOOD");
    await host.tell("01");
    expect(await host.tell(verify(longest.length, bits), longest)).toBe("GOOD");
    expect(await host.tell(verify(longest.length + 1, bits), longest)).toBe(
      "invalidFieldInCdb, cdb 2 bit 7",
    );
  },
);

test("VERIFY with BYTCMP, only the information differs → E/1D/00", async () => {
  const { host } = await withProtection(2, both);
  const longest = guarded(2, longestBlock);
  await host.tell(write(longest.length), longest);
  await host.tell("01");
  longest[longest.length - 1]! ^= 1;
  expect(await host.tell(verify(longest.length, 2), longest)).toBe(
    `miscompareDuringVerify, information ${longest.length}`,
  );
});

test("fixed blocks of the longest and its information → written, verified and read; not by a nexus without", async () => {
  const bench = await withProtection(2, both);
  const { host, other } = bench;
  const longest = guarded(2, longestBlock);
  await setBlockLength(bench, longest.length);
  expect(await host.tell(write(1, 1), longest)).toBe("GOOD");
  await host.tell("01");
  expect(await host.tell(verify(1, 1))).toBe("GOOD");
  await host.tell("01");
  expect((await host.send(read(1, 1))).data.length).toBe(longest.length);
  await other.tell("00");
  expect(await other.tell(write(1, 1), longest)).toBe("invalidFieldInCdb, cdb 2 bit 7");
  // What it reads of the mode parameters it may send back, but set no such length itself.
  await setBlockLength({ ...bench, host: other }, longest.length);
  await setBlockLength({ ...bench, host: other }, 0);
  await host.tell("00");
  const list = Buffer.from(
    `000010080000000000${longest.length.toString(16).padStart(6, "0")}`,
    "hex",
  );
  expect(await other.tell("15 10 00 00 0c 00", list)).toBe("invalidFieldInParameterList, data 9");
});

test("READ BLOCK LIMITS → the longest block without its information", async () => {
  const { host } = await withProtection(2, both);
  expect(hex((await host.send("05")).data)).toBe("008000000001");
});

test("with encryption → the guard is of the plain block, in both directions", async () => {
  const { host, medium } = await withProtection(2, both);
  await setEncryption(host);
  expect(await host.tell(write(104), guarded(2))).toBe("GOOD");
  expect(medium.objects[0]).toHaveLength(163);
  await host.tell("01");
  expect(hex((await host.send(read(104))).data)).toBe(hex(guarded(2)));
  await setEncryption(host, { key: keyOf(2) });
  await host.tell("01");
  expect(await host.tell(read(104))).toBe("incorrectDataEncryptionKey, information 104");
});

test("enciphered block without parameters → refused with protection on too", async () => {
  const { drive, host } = await withProtection(2, both);
  await setEncryption(host);
  await host.tell(write(104), guarded(2));
  drive.encryption.reset();
  await host.tell("01");
  expect(await host.tell(read(104))).toBe("unableToDecryptData, information 104");
});

const sensePage = (host: Initiator) => host.send("1a 08 0a f0 ff 00");

test("settings are a nexus's own → the other is not told, and transfers bare blocks", async () => {
  const { host, other } = await withProtection(1, both);
  await host.tell(write(104), guarded(1));
  expect(await other.tell("01")).toBe("GOOD");
  expect(hex((await other.send(read(100))).data)).toBe(hex(block));
  expect(hex((await sensePage(host)).data.subarray(8, 11))).toBe("0104c0");
  expect(hex((await sensePage(other)).data.subarray(8, 11))).toBe("000000");
});

test("I_T nexus loss and reset → bare blocks again", async () => {
  for (const end of ["loss", "reset"] as const) {
    const { drive, host } = await withProtection(1, both);
    if (end === "loss") await drive.logicalUnit.nexusLost(host.nexus);
    else await drive.logicalUnit.reset();
    await host.tell("00");
    expect(await host.tell(write(100), block)).toBe("GOOD");
  }
});

test.each([
  ["method there is not", [3, 4, both], "data 12 bit 7"],
  ["length of none", [1, 0, both], "data 13 bit 5"],
  ["length of another method", [0, 8, 0], "data 13 bit 5"],
  ["RBDP", [1, 4, 0x20], "data 14 bit 5"],
  ["reserved byte", [1, 4, both, 1], "data 15 bit 0"],
])("MODE SELECT, %s → 5/26/00 at that field, nothing changed", async (_, fields, field) => {
  const { host } = await loadedDrive();
  expect(await select(host, ...fields)).toBe(`invalidFieldInParameterList, ${field}`);
  expect(await host.tell(write(100), block)).toBe("GOOD");
});

test("method 0 → protection is off", async () => {
  const { host } = await withProtection(1, both);
  expect(await select(host, 0, 0, 0)).toBe("GOOD");
  expect(await host.tell(write(100), block)).toBe("GOOD");
});

test("INQUIRY → PROTECT, SPT 001b, both methods, and the policy of the page", async () => {
  const { host } = await loadedDrive();
  expect((await host.send("12 00 00 00 60 00")).data[5]! & 1).toBe(1);
  expect(((await host.send("12 01 86 00 ff 00")).data[4]! >> 3) & 7).toBe(1);
  expect(hex((await host.send("12 01 b5 00 ff 00")).data)).toBe("01b5000c00000000030104c0030204c0");
  expect(hex((await host.send("12 01 87 00 ff 00")).data)).toBe("018700080af003003fff0000");
});

test("nothing but information at the very end of the medium → VOLUME OVERFLOW, no data is asked for", async () => {
  const bench = await withProtection(2, writing);
  const { host, medium } = bench;
  medium.objects = [new Uint8Array(100)];
  medium.at = 1;
  medium.capacitiesBytes = [medium.position.byteOffset];
  expect(await host.tell(write(4), new Uint8Array(4))).toBe("volumeOverflow, EOM, information 4");
});
