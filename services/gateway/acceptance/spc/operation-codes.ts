/** REPORT SUPPORTED OPERATION CODES against what the device does with each code and each bit (SPC-5 6.35). */
import assert from "node:assert/strict";
import type { ScsiDevice } from "@reelhouse/testing";
import { supportedOpcodes } from "../cdb.ts";
import { Lack } from "../lack.ts";
import { checkCondition, describe, good, isUnknown } from "../expect.ts";
import { forBoth } from "./devices.ts";

export interface Supported {
  readonly opcode: number;
  readonly serviceAction: number | undefined;
  readonly cdbBytes: number;
}

/** What REPORT SUPPORTED OPERATION CODES lists. LACK where the target has no such command. */
export const supported = async (device: ScsiDevice): Promise<Supported[]> => {
  const result = await device.raw(supportedOpcodes(), { dataInLength: 0x10000 });
  const { data } = good("REPORT SUPPORTED OPERATION CODES", result);
  assert.equal(data.readUInt32BE(0), data.length - 4, "COMMAND DATA LENGTH");
  return Array.from({ length: (data.length - 4) / 8 }, (_, index) => {
    const at = 4 + index * 8;
    const hasAction = (data.readUInt8(at + 5) & 0x01) !== 0;
    return {
      opcode: data.readUInt8(at),
      serviceAction: hasAction ? data.readUInt16BE(at + 2) : undefined,
      cdbBytes: data.readUInt16BE(at + 6),
    };
  });
};

const usageOf = async (device: ScsiDevice, command: Supported): Promise<Buffer> => {
  const asked = { option: 3, opcode: command.opcode, serviceAction: command.serviceAction ?? 0 };
  const { data } = good(
    "REPORT SUPPORTED OPERATION CODES, one command",
    await device.raw(supportedOpcodes(asked), { dataInLength: 0x10000 }),
  );
  assert.equal(data.readUInt8(1) & 0x07, 3, `${inWords(command)}: supported as T10 says`);
  assert.equal(data.readUInt16BE(2), command.cdbBytes, `${inWords(command)}: CDB SIZE`);
  return data.subarray(4, 4 + command.cdbBytes);
};

/** `5eh/1h`: operation code and service action. */
export const inWords = ({ opcode, serviceAction }: Supported) =>
  `${opcode.toString(16)}h${serviceAction === undefined ? "" : `/${serviceAction.toString(16)}h`}`;

/** The CDB with nothing in it, and one bit set. */
const withBit = (command: Supported, byte: number, bit: number): Uint8Array => {
  const cdb = new Uint8Array(command.cdbBytes);
  cdb[0] = command.opcode;
  cdb[1] = command.serviceAction ?? 0;
  cdb[byte] = cdb[byte]! | (1 << bit);
  return cdb;
};

/** Bits 4 to 0 of byte 1 choose the service action; 7 to 5 were the LUN in SCSI-2, and old initiators fill them still. */
const isFree = (command: Supported, byte: number, bit: number) =>
  byte !== 1 || (bit < 5 && command.serviceAction === undefined);

/** Vendor specific codes are left alone on a target that may have some it does not tell. */
const VENDOR_SPECIFIC = 0xc0;

export const operationCodes = forBoth("operation codes", [
  [
    "the list → each command also alone, with the same CDB length and its own code in the usage data",
    "SPC-5 6.35",
    async ({ device }) => {
      const unit = await device();
      for (const command of await supported(unit)) {
        const usage = await usageOf(unit, command);
        assert.equal(usage[0], command.opcode);
        if (command.serviceAction !== undefined)
          assert.equal(usage[1]! & 0x1f, command.serviceAction, inWords(command));
      }
    },
  ],
  [
    "an operation code that is not listed → ILLEGAL REQUEST 20/00, and not supported when asked for",
    "SPC-5 6.35",
    async ({ device }) => {
      const unit = await device();
      const listed = new Set((await supported(unit)).map(({ opcode }) => opcode));
      for (let opcode = 0; opcode < VENDOR_SPECIFIC; opcode += 1) {
        if (listed.has(opcode)) continue;
        const result = await unit.raw([opcode, ...Array<number>(15).fill(0)], { dataInLength: 64 });
        assert(isUnknown(result), `${opcode.toString(16)}h: ${describe(result)}`);
        const asked = await unit.raw(supportedOpcodes({ option: 3, opcode }), { dataInLength: 64 });
        assert.equal(asked.data.readUInt8(1) & 0x07, 1, `${opcode.toString(16)}h: not supported`);
      }
    },
  ],
  [
    "a service action that is not listed → ILLEGAL REQUEST 24/00",
    "SPC-5 6.35",
    async ({ device }) => {
      const unit = await device();
      const commands = await supported(unit);
      const withActions = commands.filter(({ serviceAction }) => serviceAction !== undefined);
      for (const opcode of new Set(withActions.map((each) => each.opcode))) {
        const actions = withActions.filter((each) => each.opcode === opcode);
        const free = [...Array(32).keys()].find(
          (action) => !actions.some((each) => each.serviceAction === action),
        );
        const result = await unit.raw([opcode, free ?? 31, ...Array<number>(14).fill(0)], {
          dataInLength: 64,
        });
        const wanted = { key: "ILLEGAL REQUEST", code: 0x2400 } as const;
        checkCondition(`${opcode.toString(16)}h/${free?.toString(16)}h`, result, wanted);
      }
    },
  ],
  [
    "a bit that the usage data leaves out → ILLEGAL REQUEST 24/00, for every command and bit",
    "SPC-5 6.35",
    async ({ device }) => {
      const unit = await device();
      const accepted: string[] = [];
      let refused = 0;
      for (const command of await supported(unit)) {
        const usage = await usageOf(unit, command);
        for (let index = 8; index < command.cdbBytes * 8; index += 1) {
          const [byte, bit] = [index >> 3, index & 7];
          if ((usage[byte]! & (1 << bit)) !== 0 || !isFree(command, byte, bit)) continue;
          const result = await unit.raw(withBit(command, byte, bit), { dataInLength: 64 });
          const { sense } = result;
          if (sense?.senseKey === 5 && sense.additionalSenseCode === 0x24) refused += 1;
          else accepted.push(`${inWords(command)} byte ${byte} bit ${bit}: ${describe(result)}`);
        }
      }
      // SPC-5 3.3.10 leaves a device free to look at reserved bits or not; ours looks at all of them.
      if (refused === 0) throw new Lack("a check of reserved bits");
      assert.deepEqual(accepted.slice(0, 5), [], `${accepted.length} bits are not refused`);
    },
  ],
  [
    "RCTD → a timeouts descriptor with every command",
    "SPC-5 6.35.4",
    async ({ device }) => {
      const unit = await device();
      const count = (await supported(unit)).length;
      const result = await unit.raw(supportedOpcodes({ rctd: true }), { dataInLength: 0x10000 });
      const { data } = good("REPORT SUPPORTED OPERATION CODES, RCTD", result);
      assert.equal(data.readUInt32BE(0), count * 20);
    },
  ],
]);
