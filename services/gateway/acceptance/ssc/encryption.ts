/** Tape data encryption by SECURITY PROTOCOL 20h: what is written with a key is read with it, and only with it (SSC-5 4.2.22, 8.5). */
import assert from "node:assert/strict";
import type { CommandResult, Tape } from "@reelhouse/testing";
import { be, read6, securityProtocolIn, securityProtocolOut } from "../cdb.ts";
import { group } from "../check.ts";
import { Lack } from "../lack.ts";
import { checkCondition, good, isUnknown } from "../expect.ts";

const SET_DATA_ENCRYPTION = 0x0010;
const statusPages = { capabilities: 0x0010, status: 0x0020, nextBlock: 0x0021 } as const;
const modes = { disable: 0, raw: 1, decrypt: 2, mixed: 3, encrypt: 2 } as const;
const scopes = { public: 0, local: 1, all: 2 } as const;
const keys = { first: Buffer.alloc(32, 0x11), second: Buffer.alloc(32, 0x22) } as const;
const block = Buffer.from("what nobody without the key may read");

interface Wanted {
  readonly scope?: keyof typeof scopes;
  readonly encrypt?: boolean;
  readonly decryption?: number;
  readonly key?: Buffer;
}

/** The index of AES-256-GCM, as the drive's own list gives it. */
const algorithmIndex = async (tape: Tape): Promise<number> => {
  const command = securityProtocolIn(statusPages.capabilities);
  const result = await tape.raw(command, { dataInLength: 0x1000 });
  const { data } = good("SECURITY PROTOCOL IN", result);
  const AES_256_GCM = 0x0001_0014;
  for (let at = 20; at + 24 <= data.length; at += 4 + data.readUInt16BE(at + 2))
    if (data.readUInt32BE(at + 20) === AES_256_GCM) return data.readUInt8(at);
  throw new Lack("AES-256-GCM");
};

const setKey = async (tape: Tape, wanted: Wanted): Promise<CommandResult> => {
  const { scope = "all", encrypt = false, decryption = modes.disable, key } = wanted;
  const bytes = key ?? Buffer.alloc(0);
  const page = Buffer.from([
    ...be(SET_DATA_ENCRYPTION, 2),
    ...be(16 + bytes.length, 2),
    scopes[scope] << 5,
    0,
    encrypt ? modes.encrypt : modes.disable,
    decryption,
    await algorithmIndex(tape),
    ...Array<number>(9).fill(0),
    ...be(bytes.length, 2),
    ...bytes,
  ]);
  const command = securityProtocolOut(SET_DATA_ENCRYPTION, page.length);
  return tape.raw(command, { dataOut: page });
};

const off = async (tape: Tape) => good("encryption off", await setKey(tape, {}));
const on = async (tape: Tape, key: Buffer) =>
  good("a key", await setKey(tape, { encrypt: true, decryption: modes.decrypt, key }));

const readBlock = (tape: Tape) => tape.raw(read6(4096, { sili: true }), { dataInLength: 4096 });

export const encryption = group("encryption", "scratch", [
  [
    "a block written with a key → read with it, of the same length; refused without and with another",
    "SSC-5 4.2.22",
    async (bench) => {
      const tape = await bench.drive();
      await on(tape, keys.first);
      await tape.write(block);
      await tape.rewind();
      const plain = await tape.raw(read6(block.length), { dataInLength: block.length });
      assert(good("READ(6)", plain).data.equals(block));
      await tape.rewind();
      await on(tape, keys.second);
      const wrong = await readBlock(tape);
      checkCondition("another key", wrong, { key: "DATA PROTECT", code: 0x7403 });
      assert.equal(wrong.data.length, 0, "no data with it");
      await off(tape);
      await tape.rewind();
      checkCondition("no key", await readBlock(tape), { key: "DATA PROTECT", code: 0x7401 });
      await on(tape, keys.first);
      assert(good("READ(6)", await readBlock(tape)).data.equals(block), "the first key again");
      await off(tape);
    },
  ],
  [
    "plain blocks in DECRYPT mode → refused 74/02; in MIXED mode both are read",
    "SSC-5 4.2.22.3",
    async (bench) => {
      const tape = await bench.drive();
      await tape.write(block);
      await on(tape, keys.first);
      await tape.write(block);
      await tape.rewind();
      const refused = await readBlock(tape);
      checkCondition("a plain block", refused, { key: "DATA PROTECT", code: 0x7402 });
      await tape.rewind();
      const mixed = { encrypt: true, decryption: modes.mixed, key: keys.first };
      good("MIXED", await setKey(tape, mixed));
      for (let count = 0; count < 2; count += 1)
        assert(good("READ(6)", await readBlock(tape)).data.equals(block));
      await off(tape);
    },
  ],
  [
    "status and next block pages → encryption on, the next block enciphered and readable",
    "SSC-5 8.5.2",
    async (bench) => {
      const tape = await bench.drive();
      await on(tape, keys.first);
      await tape.write(block);
      await tape.rewind();
      const ask = async (page: number) =>
        good(
          "SECURITY PROTOCOL IN",
          await tape.raw(securityProtocolIn(page), { dataInLength: 0x1000 }),
        ).data;
      const status = await ask(statusPages.status);
      assert.equal(status.readUInt8(5), modes.encrypt, "ENCRYPTION MODE");
      assert.equal(status.readUInt8(6), modes.decrypt, "DECRYPTION MODE");
      const next = await ask(statusPages.nextBlock);
      assert.equal(next.readUInt8(12) & 0x0f, 5, "encrypted, and the key is there");
      await off(tape);
    },
  ],
  [
    "a key of local scope → the other initiator writes plain",
    "SSC-5 4.2.22.4",
    async (bench) => {
      const [tape, other] = [await bench.drive(), await bench.otherDrive()];
      const local = {
        scope: "local",
        encrypt: true,
        decryption: modes.decrypt,
        key: keys.first,
      } as const;
      good("a key", await setKey(tape, local));
      await other.clearUnitAttentions();
      await other.write(block);
      await tape.rewind();
      checkCondition("a plain block", await readBlock(tape), { key: "DATA PROTECT", code: 0x7402 });
      await tape.rewind();
      assert(good("READ(6)", await readBlock(other)).data.equals(block));
      good("public again", await setKey(tape, { scope: "public" }));
    },
  ],
  [
    "a key of another length → ILLEGAL REQUEST, nothing changed",
    "SSC-5 8.5.3.2",
    async (bench) => {
      const tape = await bench.drive();
      const short = { encrypt: true, decryption: modes.decrypt, key: Buffer.alloc(16, 1) };
      checkCondition("16 bytes", await setKey(tape, short), {
        key: "ILLEGAL REQUEST",
        code: 0x2600,
      });
      await tape.write(block);
      await tape.rewind();
      assert(good("READ(6)", await readBlock(tape)).data.equals(block));
    },
  ],
  [
    "a page that is not there → ILLEGAL REQUEST, invalid field in CDB",
    "SSC-5 8.5.2",
    async (bench) => {
      const result = await (
        await bench.drive()
      ).raw(securityProtocolIn(0x7777), { dataInLength: 64 });
      if (isUnknown(result)) throw new Lack("no SECURITY PROTOCOL IN");
      checkCondition("SECURITY PROTOCOL IN", result, { key: "ILLEGAL REQUEST", code: 0x2400 });
    },
  ],
]);
