/**
 * What REPORT SUPPORTED OPERATION CODES tells is what the device does: every bit of every command whose CDB USAGE DATA
 * bit is zero is sent as one, and refused with a field pointer at that very bit, by both devices.
 */
import { expect, test } from "vitest";
import { readBe } from "../../bytes.ts";
import { testChanger } from "../../testing-changer.ts";
import { type Initiator, hex, loadedDrive } from "../../testing-initiator.ts";

const devices = { drive: loadedDrive, changer: testChanger } as const;

/** mtx and old initiators put the LUN there; DESIGN.md, decision "LUN bits". */
const ignoredByte1Bits = { drive: 0x00, changer: 0xe0 } as const;
const serviceActionBits = 0x1f;

interface Told {
  readonly opcode: number;
  readonly serviceAction: number | undefined;
  readonly usage: Uint8Array;
}

/** All commands with their usage data, as the device reports them. */
async function reportedBy(host: Initiator): Promise<readonly Told[]> {
  const { data } = await host.send("a3 0c 00 00 00 00 00 00 ff ff 00 00");
  const told: Told[] = [];
  for (let offset = 4; offset < data.length; offset += 8) {
    const opcode = data[offset]!;
    const hasAction = (data[offset + 5]! & 1) === 1;
    const serviceAction = hasAction ? readBe(data, offset + 2, 2) : undefined;
    const option = hasAction ? "02" : "01";
    const asked =
      hex(data.subarray(offset, offset + 1)) + hex(data.subarray(offset + 2, offset + 4));
    const one = await host.send(`a3 0c ${option} ${asked} 00 00 ff ff 00 00`);
    expect(one.data[1]).toBe(0x03);
    const usage = one.data.subarray(4, 4 + readBe(one.data, 2, 2));
    expect(usage.length).toBe(readBe(data, offset + 6, 2));
    told.push({ opcode, serviceAction, usage });
  }
  return told;
}

/** Every bit that usage data leaves out, but those of the operation code and of a service action. */
function* unusedBits({ serviceAction, usage }: Told, ignored: number) {
  for (let byte = 1; byte < usage.length; byte++) {
    const spared = byte === 1 ? ignored | (serviceAction === undefined ? 0 : serviceActionBits) : 0;
    for (let bit = 7; bit >= 0; bit--) {
      if (((usage[byte]! | spared) & (1 << bit)) === 0) yield { byte, bit };
    }
  }
}

/** Every operation code that is not reported, and every service action of those that have some. */
function* unreported(commands: readonly Told[]) {
  for (let opcode = 0; opcode < 256; opcode++) {
    const ofOpcode = commands.filter((command) => command.opcode === opcode);
    const actions = new Set(ofOpcode.map((command) => command.serviceAction));
    if (ofOpcode.length === 0) {
      yield { cdb: Uint8Array.of(opcode), told: "invalidOperationCode, cdb 0" };
    }
    if (ofOpcode.length === 0 || actions.has(undefined)) continue;
    for (let action = 0; action <= serviceActionBits; action++) {
      const cdb = Uint8Array.of(opcode, action);
      if (!actions.has(action)) yield { cdb, told: "invalidFieldInCdb, cdb 1 bit 4" };
    }
  }
}

test.each(["drive", "changer"] as const)(
  "%s, each bit of each command that usage data leaves out → INVALID FIELD IN CDB at that bit",
  async (device) => {
    const { host } = await devices[device]();
    const commands = await reportedBy(host);
    expect(commands.length).toBeGreaterThan(30);
    for (const command of commands) {
      for (const { byte, bit } of unusedBits(command, ignoredByte1Bits[device])) {
        const cdb = new Uint8Array(command.usage.length);
        cdb[0] = command.opcode;
        cdb[1] = command.serviceAction ?? 0;
        cdb[byte]! |= 1 << bit;
        expect(`${hex(cdb)}: ${await host.tell(hex(cdb))}`).toBe(
          `${hex(cdb)}: invalidFieldInCdb, cdb ${byte} bit ${bit}`,
        );
      }
    }
  },
);

test.each(["drive", "changer"] as const)(
  "%s, each operation code and service action that is not reported → refused as such",
  async (device) => {
    const { host } = await devices[device]();
    const commands = await reportedBy(host);
    for (const { cdb, told } of unreported(commands)) {
      expect(`${hex(cdb)}: ${await host.tell(hex(cdb))}`).toBe(`${hex(cdb)}: ${told}`);
    }
  },
);
