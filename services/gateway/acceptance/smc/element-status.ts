/** READ ELEMENT STATUS, INITIALIZE ELEMENT STATUS and volume search (SMC-3 6.5, 6.11, 6.13, 6.15). */
import assert from "node:assert/strict";
import { type Changer, parseElementStatus } from "@reelhouse/testing";
import { be, cdb, modeSense10 } from "../cdb.ts";
import { group } from "../check.ts";
import { checkCondition, good } from "../expect.ts";

interface Asked {
  readonly type?: number;
  readonly first?: number;
  readonly count?: number;
  readonly volumeTags?: boolean;
  readonly identifiers?: boolean;
  readonly currentData?: boolean;
}

const ALLOCATION = 0xff_ffff;

const status = async (changer: Changer, asked: Asked = {}): Promise<Buffer> => {
  const { type = 0, first = 0, count = 0xffff } = asked;
  const command = cdb(0xb8, 12, {
    1: (asked.volumeTags === true ? 0x10 : 0) | type,
    2: be(first, 2),
    4: be(count, 2),
    6: (asked.currentData === true ? 2 : 0) | (asked.identifiers === true ? 1 : 0),
    7: be(ALLOCATION, 3),
  });
  const result = await changer.raw(command, { dataInLength: 1024 * 1024 });
  return good("READ ELEMENT STATUS", result).data;
};

const addresses = (data: Buffer) => parseElementStatus(data).map(({ address }) => address);

const types = { transport: 1, storage: 2, importExport: 3, dataTransfer: 4 } as const;

export const elementStatus = group("element status", "changer", [
  [
    "all elements → counts and lengths of header and pages add up, as mode page 1Dh says",
    "SMC-3 6.11",
    async (bench) => {
      const changer = await bench.changer();
      const data = await status(changer);
      assert.equal(data.readUIntBE(5, 3), data.length - 8, "BYTE COUNT OF REPORT AVAILABLE");
      const elements = parseElementStatus(data);
      assert.equal(data.readUInt16BE(2), elements.length, "NUMBER OF ELEMENTS");
      const mode = good("MODE SENSE", await changer.raw(modeSense10(0x1d), { dataInLength: 64 }));
      const page = mode.data.subarray(8 + mode.data.readUInt16BE(6));
      for (const [index, type] of (
        ["transport", "storage", "importExport", "dataTransfer"] as const
      ).entries()) {
        const [first, count] = [page.readUInt16BE(2 + index * 4), page.readUInt16BE(4 + index * 4)];
        const ofType = elements.filter((each) => each.type === type).map(({ address }) => address);
        assert.deepEqual(
          ofType,
          Array.from({ length: count }, (_, at) => first + at),
          type,
        );
      }
    },
  ],
  [
    "by type → only elements of that type",
    "SMC-3 6.11",
    async (bench) => {
      const changer = await bench.changer();
      for (const [name, type] of Object.entries(types))
        for (const element of parseElementStatus(await status(changer, { type })))
          assert.equal(element.type, name);
    },
  ],
  [
    "a starting address and a count → as many from there on",
    "SMC-3 6.11",
    async (bench) => {
      const changer = await bench.changer();
      const all = addresses(await status(changer, { type: types.storage }));
      const first = all[1] ?? all[0]!;
      const some = addresses(await status(changer, { type: types.storage, first, count: 2 }));
      assert.deepEqual(some, all.filter((address) => address >= first).slice(0, 2));
    },
  ],
  [
    "VOLTAG → barcodes of full elements only, the same as without is shorter",
    "SMC-3 6.11",
    async (bench) => {
      const changer = await bench.changer();
      const tagged = parseElementStatus(await status(changer, { volumeTags: true }));
      for (const { full, barcode } of tagged) assert.equal(barcode !== undefined, full);
      const barcodes = tagged.flatMap(({ barcode }) => barcode ?? []);
      assert.equal(new Set(barcodes).size, barcodes.length, "each once");
      const plain = await status(changer);
      assert(plain.length < (await status(changer, { volumeTags: true })).length);
    },
  ],
  [
    "DVCID → every drive's own serial number",
    "SMC-3 6.11",
    async (bench) => {
      const changer = await bench.changer();
      const serial = await (await bench.drive()).serialNumber();
      const data = await status(changer, { type: types.dataTransfer, identifiers: true });
      const identifiers = parseElementStatus(data).map(({ deviceIdentifier }) => deviceIdentifier);
      assert(
        identifiers.every((each) => each !== undefined),
        "every drive has one",
      );
      assert.equal(new Set(identifiers).size, identifiers.length, "of its own");
      assert(identifiers.some((each) => each?.endsWith(serial)));
    },
  ],
  [
    "CURDATA → the same without anything moving",
    "SMC-3 6.11",
    async (bench) => {
      const changer = await bench.changer();
      assert(
        (await status(changer, { currentData: true, volumeTags: true })).equals(
          await status(changer, { volumeTags: true }),
        ),
      );
    },
  ],
  [
    "a reserved element type → ILLEGAL REQUEST, invalid field in CDB",
    "SMC-3 6.11",
    async (bench) => {
      const command = cdb(0xb8, 12, { 1: 5, 4: be(0xffff, 2), 7: be(256, 3) });
      const result = await (await bench.changer()).raw(command, { dataInLength: 256 });
      checkCondition("READ ELEMENT STATUS", result, { key: "ILLEGAL REQUEST", code: 0x2400 });
    },
  ],
  [
    "INITIALIZE ELEMENT STATUS, also with a range → GOOD, elements as before",
    "SMC-3 6.5",
    async (bench) => {
      const changer = await bench.changer();
      const before = await status(changer, { volumeTags: true });
      good("INITIALIZE ELEMENT STATUS", await changer.raw(cdb(0x07, 6)));
      good("INITIALIZE ELEMENT STATUS WITH RANGE", await changer.raw(cdb(0x37, 10)));
      assert((await status(changer, { volumeTags: true })).equals(before));
    },
  ],
  [
    "SEND VOLUME TAG for a barcode → REQUEST VOLUME ELEMENT ADDRESS tells where it is",
    "SMC-3 6.13, 6.15",
    async (bench) => {
      const changer = await bench.changer();
      const [wanted] = await changer.ofType("storage", true);
      assert(wanted?.barcode !== undefined);
      const list = Buffer.alloc(40);
      list.write(wanted.barcode.padEnd(32), "latin1");
      const search = cdb(0xb6, 12, { 5: 5, 8: be(40, 2) });
      good("SEND VOLUME TAG", await changer.raw(search, { dataOut: list }));
      const request = cdb(0xb5, 12, { 1: 0x10, 4: be(0xffff, 2), 7: be(4096, 3) });
      const { data } = good("REQUEST", await changer.raw(request, { dataInLength: 4096 }));
      assert.deepEqual(addresses(data), [wanted.address]);
    },
  ],
]);
