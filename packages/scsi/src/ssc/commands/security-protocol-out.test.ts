/** SECURITY PROTOCOL OUT (SPC-5 6.41): the Set Data Encryption page (SSC-5 8.5.3), scopes and what ends a set. */
import { expect, test } from "vitest";
import { type Bench, type Initiator, hex, loadedDrive, pattern } from "../../testing-initiator.ts";
import { scope } from "../encryption/parameters.ts";
import {
  control,
  keyOf,
  readPage,
  sendPage,
  setEncryption,
  setPage,
} from "../encryption/testing-encryption.ts";

const changed = (page: Uint8Array, ...bytes: readonly (readonly [number, number])[]) => {
  const copy = Uint8Array.from(page);
  for (const [index, value] of bytes) copy[index] = value;
  return copy;
};
const good = setPage();
const list = "invalidFieldInParameterList";

test.each([
  ["other page code", changed(good, [1, 0x11]), `${list}, data 0`],
  ["page length beyond the list", changed(good, [3, 0x31]), "parameterListLengthError"],
  ["page shorter than its fields", good.subarray(0, 19), "parameterListLengthError"],
  ["reserved scope", changed(good, [4, 0x60]), `${list}, data 4 bit 7`],
  ["reserved RDMC", changed(good, [5, 0x10]), `${list}, data 5 bit 5`],
  ["SDK", changed(good, [5, 0x08]), `${list}, data 5 bit 3`],
  ["reserved encryption mode", changed(good, [6, 3]), `${list}, data 6 bit 7`],
  ["reserved decryption mode", changed(good, [7, 4]), `${list}, data 7 bit 7`],
  ["algorithm there is not", changed(good, [8, 2]), `${list}, data 8 bit 7`],
  ["key by reference", changed(good, [9, 1]), `${list}, data 9 bit 7`],
  ["reserved KAD format", changed(good, [10, 3]), `${list}, data 10 bit 7`],
  ["key of 16 bytes", setPage({ key: new Uint8Array(16) }), `${list}, data 18`],
  ["no key for ENCRYPT", setPage({ key: new Uint8Array() }), `${list}, data 18`],
  [
    "key cut short",
    changed(setPage({ key: new Uint8Array(16) }), [19, 32]),
    "parameterListLengthError",
  ],
  ["a nonce", setPage({ kads: [[2, "n"]] }), `${list}, data 52`],
  [
    "descriptors out of order",
    setPage({
      kads: [
        [1, "a"],
        [0, "u"],
      ],
    }),
    `${list}, data 57`,
  ],
  ["descriptor too long", setPage({ kads: [[0, "x".repeat(33)]] }), `${list}, data 54`],
])("%s → refused, nothing changed", async (_, page, outcome) => {
  const { host } = await loadedDrive();
  expect(await sendPage(host, page)).toBe(outcome);
  expect((await readPage(host, 0x20)).readUInt32BE(8)).toBe(0);
});

test.each([
  ["other protocol", "b5 21 00 10 00 00 00 00 00 34", "invalidFieldInCdb, cdb 1 bit 7"],
  ["other page", "b5 20 00 11 00 00 00 00 00 34", "invalidFieldInCdb, cdb 2 bit 7"],
  ["list over 4 KiB", "b5 20 00 10 00 00 00 00 10 01", "parameterListLengthError"],
  ["list of no bytes", "b5 20 00 10 00 00 00 00 00 00", "GOOD"],
  ["initiator that sends less", "b5 20 00 10 00 00 00 00 00 40", "parameterListLengthError"],
])("%s → answered, nothing changed", async (_, cdb, outcome) => {
  const { host } = await loadedDrive();
  expect(await host.tell(cdb, good)).toBe(outcome);
  expect((await readPage(host, 0x20)).readUInt32BE(8)).toBe(0);
  expect(host.dataOutHeld).toBe(0);
});

test("page taken → the transport's bytes are wiped", async () => {
  const { host } = await loadedDrive();
  const page = setPage();
  await sendPage(host, page);
  expect(page.every((byte) => byte === 0)).toBe(true);
});

/** Scope of the nexus and of the set in force, modes, key instance. */
async function inForce(host: Initiator): Promise<string> {
  const status = await readPage(host, 0x20);
  return `${hex(status.subarray(4, 7))} ${status.readUInt32BE(8)}`;
}

async function told({ host, other }: Bench): Promise<readonly string[]> {
  return [await host.tell("00"), await other.tell("00")];
}
const nobody = ["GOOD", "GOOD"];
const theOther = ["GOOD", "dataEncryptionParametersChanged"];

test("ALL I_T NEXUS → in force for all, the others hear 6/2A/11, the counter goes up", async () => {
  const bench = await loadedDrive();
  await setEncryption(bench.host);
  expect(await told(bench)).toEqual(theOther);
  expect([await inForce(bench.host), await inForce(bench.other)]).toEqual(["420202 1", "020202 1"]);
  await setEncryption(bench.host);
  expect(await inForce(bench.host)).toBe("420202 2");
});

test("ALL I_T NEXUS by another → the first has public scope and hears so", async () => {
  const bench = await loadedDrive();
  await setEncryption(bench.host);
  await told(bench);
  await setEncryption(bench.other, { decryptionMode: 3 });
  expect(await told(bench)).toEqual(["dataEncryptionParametersChanged", "GOOD"]);
  expect([await inForce(bench.host), await inForce(bench.other)]).toEqual(["020203 2", "420203 2"]);
});

test("LOCAL → for that nexus alone, nobody hears of it; PUBLIC → back to what all have", async () => {
  const bench = await loadedDrive();
  const { host, other } = bench;
  await setEncryption(host, { scope: scope.local });
  expect(await told(bench)).toEqual(nobody);
  expect([await inForce(host), await inForce(other)]).toEqual(["210202 1", "000000 0"]);
  await setEncryption(other, { decryptionMode: 3 });
  // A nexus with a set of its own is not concerned.
  expect(await told(bench)).toEqual(nobody);
  expect(await inForce(host)).toBe("210202 1");
  await setEncryption(host, { scope: scope.public });
  expect(await inForce(host)).toBe("020203 2");
});

test("PUBLIC or LOCAL by the nexus that set for all → the others have nothing, and hear so", async () => {
  for (const next of [scope.public, scope.local]) {
    const bench = await loadedDrive();
    await setEncryption(bench.host);
    await told(bench);
    await setEncryption(bench.host, { scope: next });
    expect(await told(bench)).toEqual(theOther);
    expect(await inForce(bench.other)).toBe("000000 0");
  }
});

const write = "0a 00 00 00 64 00";

test("LOCK, then another key for all → 7/2A/13 for its READ and WRITE until it sets anew", async () => {
  const { host, other, medium } = await loadedDrive();
  await setEncryption(host, { lock: true });
  expect(await host.tell(write, pattern(100))).toBe("GOOD");
  expect(await other.tell("00")).toBe("dataEncryptionParametersChanged");
  await setEncryption(other, { key: keyOf(2) });
  expect(await host.tell("00")).toBe("dataEncryptionParametersChanged");
  expect(await host.tell(write, pattern(100))).toBe(
    "encryptionKeyInstanceChanged, information 100",
  );
  await host.tell("01");
  expect(await host.tell("08 00 00 00 64 00")).toBe(
    "encryptionKeyInstanceChanged, information 100",
  );
  expect([medium.at, medium.objects.length, medium.leases, host.dataOutHeld]).toEqual([0, 1, 0, 0]);
  await setEncryption(host, { scope: scope.public });
  expect(await host.tell(write, pattern(100))).toBe("GOOD");
});

test("I_T nexus loss → its own set is gone, the set for all stays", async () => {
  const { drive, host, other } = await loadedDrive();
  await setEncryption(host);
  await other.tell("00");
  await setEncryption(other, { scope: scope.local, key: keyOf(3) });
  for (const { nexus } of [host, other]) await drive.logicalUnit.nexusLost(nexus);
  for (const each of [host, other]) await each.tell("00");
  expect([await inForce(host), await inForce(other)]).toEqual(["020202 1", "020202 1"]);
});

test("reset → nothing is left, the counter begins anew", async () => {
  const { drive, host } = await loadedDrive();
  await setEncryption(host);
  await drive.logicalUnit.reset();
  expect(await host.tell("00")).toBe("busDeviceReset");
  expect(await inForce(host)).toBe("000000 0");
});

test.each([
  ["LOAD UNLOAD", (bench: Bench) => bench.host.tell("1b 00 00 00 00 00")],
  ["eject", (bench: Bench) => bench.drive.eject()],
] as const)("%s → a set with CKOD is gone, one without stays", async (_, demount) => {
  for (const [flags, after] of [
    [control.ckod, "000000 0"],
    [0, "420202 1"],
  ] as const) {
    const bench = await loadedDrive();
    await setEncryption(bench.host, { control: flags });
    await demount(bench);
    await hears(bench.host);
    expect(await inForce(bench.host)).toBe(after);
  }
});

/** What pends for a nexus of the drive's encryption, after its not-ready answers. */
async function hears(host: Initiator): Promise<boolean> {
  for (let asked = 0; asked < 4; asked++)
    if ((await host.tell("00")) === "dataEncryptionParametersChanged") return true;
  return false;
}

test.each([
  ["LOAD UNLOAD of its own", (bench: Bench) => bench.host.tell("1b 00 00 00 00 00"), [false, true]],
  [
    "LOAD UNLOAD of another",
    (bench: Bench) => bench.other.tell("1b 00 00 00 00 00"),
    [true, false],
  ],
  ["eject", (bench: Bench) => bench.drive.eject(), [true, true]],
] as const)(
  "%s ends a set for all with CKOD → all hear 6/2A/11 but who did it",
  async (_, demount, heard) => {
    const bench = await loadedDrive();
    await setEncryption(bench.host, { control: control.ckod });
    await told(bench);
    await demount(bench);
    expect([await hears(bench.host), await hears(bench.other)]).toEqual(heard);
  },
);

test("an eject ends a set of one nexus with CKOD → that nexus hears so, and none else", async () => {
  const bench = await loadedDrive();
  await setEncryption(bench.host, { scope: scope.local, control: control.ckod });
  await bench.drive.eject();
  expect([await hears(bench.host), await hears(bench.other)]).toEqual([true, false]);
});

test("a demount that ends no set → nobody hears of it", async () => {
  const bench = await loadedDrive();
  await setEncryption(bench.host);
  await told(bench);
  await bench.drive.eject();
  expect([await hears(bench.host), await hears(bench.other)]).toEqual([false, false]);
});

test("CKOD without a mounted volume → 5/26/00 at its bit", async () => {
  const { drive, host } = await loadedDrive();
  await drive.eject();
  expect(await sendPage(host, setPage({ control: control.ckod }))).toBe(`${list}, data 5 bit 2`);
});

test.each([
  ["CKORP", control.ckorp, 1],
  ["CKORL", control.ckorl, 0],
])(
  "%s without a reservation → 5/26/00 at its bit; with a persistent one → taken",
  async (_, flag, bit) => {
    const { host } = await loadedDrive();
    const refused = `${list}, data 5 bit ${bit}`;
    expect(await sendPage(host, setPage({ control: flag }))).toBe(refused);
    await register(host, "01");
    expect(await sendPage(host, setPage({ control: flag }))).toBe(refused);
    expect(await prOut(host, "01", "01", "00")).toBe("GOOD");
    expect(await sendPage(host, setPage({ control: flag }))).toBe("GOOD");
  },
);

test("CKORP with a reservation by RESERVE → 5/26/00: that cannot be preempted", async () => {
  const { host } = await loadedDrive();
  await host.tell("16");
  expect(await sendPage(host, setPage({ control: control.ckorp }))).toBe(`${list}, data 5 bit 1`);
});

/** PERSISTENT RESERVE OUT: service action, type, the nexus's key and the service action key. */
const prOut = (host: Initiator, action: string, key: string, actionKey: string) =>
  host.tell(
    `5f ${action} 03 00 00 00 00 00 18 00`,
    Buffer.from(`${key.padStart(16, "0")}${actionKey.padStart(16, "0")}${"00".repeat(8)}`, "hex"),
  );

const register = async (host: Initiator, key: string) => {
  expect(await prOut(host, "00", "00", key)).toBe("GOOD");
};

test("RELEASE → a set with CKORL is gone, one with CKORP stays", async () => {
  for (const [flags, after] of [
    [control.ckorl, "000000 0"],
    [control.ckorp, "420202 1"],
  ] as const) {
    const { host } = await loadedDrive();
    await register(host, "01");
    expect(await prOut(host, "01", "01", "00")).toBe("GOOD");
    await setEncryption(host, { control: flags });
    expect(await prOut(host, "02", "01", "00")).toBe("GOOD");
    expect(await inForce(host)).toBe(after);
  }
});

test("RELEASE ends a set for all with CKORL → the others hear 6/2A/11", async () => {
  const bench = await loadedDrive();
  await bench.host.tell("16");
  await setEncryption(bench.host, { control: control.ckorl });
  expect(await hears(bench.other)).toBe(true);
  await bench.host.tell("17");
  expect([await hears(bench.host), await hears(bench.other)]).toEqual([false, true]);
});

test("reservation preempted → a set with CKORP is gone, its maker hears so", async () => {
  const { host, other } = await loadedDrive();
  await register(host, "01");
  await register(other, "02");
  expect(await prOut(host, "01", "01", "00")).toBe("GOOD");
  await setEncryption(host, { control: control.ckorp });
  expect(await other.tell("00")).not.toBe("GOOD");
  expect(await prOut(other, "04", "02", "01")).toBe("GOOD");
  expect(await inForce(other)).toBe("000000 0");
  expect([await hears(host), await hears(other)]).toEqual([true, false]);
});
