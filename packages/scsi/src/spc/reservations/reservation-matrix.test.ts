/**
 * The reservation matrix: every command of both devices, beside every type of persistent reservation and beside RESERVE,
 * from the holder, from a registered and from an unregistered nexus. What is expected is derived from the column of the
 * rows and written out again here from SPC-5 table 66, so that column and device server are held against each other.
 */
import { expect, test } from "vitest";
import type { BoundCommand } from "../../cdb.ts";
import type { ReservationRuleName } from "../../reservation-rule.ts";
import { changerCommands } from "../../smc/commands.ts";
import { driveCommands } from "../../ssc/commands.ts";
import { testChanger } from "../../testing-changer.ts";
import { Initiator, hex, loadedDrive } from "../../testing-initiator.ts";
import { keyList, outCdb } from "../../testing-reservations.ts";
import { reservationTypes } from "./reservation-type.ts";

const benches = {
  drive: async () => {
    const { drive, ...bench } = await loadedDrive();
    return { ...bench, unit: drive.logicalUnit };
  },
  changer: async () => {
    const { changer, ...bench } = await testChanger();
    return { ...bench, unit: changer.logicalUnit };
  },
};
const commandSets = { drive: driveCommands, changer: changerCommands } as const;

/** Served beside persistent reservations that admit the nexus or not; who asks PERSISTENT RESERVE is told by keys. */
const isServed = (
  rule: ReservationRuleName,
  access: "writeExclusive" | "exclusiveAccess",
): boolean => rule !== "conflict" && (rule !== "reads" || access === "writeExclusive");

const ruleOf = (command: BoundCommand<never>, cdb: Uint8Array): ReservationRuleName => {
  const { reservation = "conflict" } = command;
  return typeof reservation === "function" ? reservation(cdb) : reservation;
};

const cdbOf = ({ opcode, serviceAction = 0, length }: BoundCommand<never>): string =>
  hex(Uint8Array.from({ length }, (_, at) => (at === 0 ? opcode : at === 1 ? serviceAction : 0)));

/** Unit attentions of the commands before are heard first: they would come before the conflict. */
async function isServedTo(initiator: Initiator, cdb: string): Promise<boolean> {
  await initiator.send("03 00 00 00 12 00");
  return (await initiator.tell(cdb)) !== "RESERVATION CONFLICT";
}

/** Their own rules: keys decide, or the other method's reservation. */
const byOtherRules = new Set([0x16, 0x17, 0x56, 0x57, 0x5f]);

for (const device of ["drive", "changer"] as const) {
  const commands: readonly BoundCommand<never>[] = commandSets[device];
  const judged = commands.filter(({ opcode }) => !byOtherRules.has(opcode));

  test.each(reservationTypes)(
    `${device}, $name → each command served or RESERVATION CONFLICT, for three nexuses`,
    async (type) => {
      for (const command of judged) {
        const { host, other, unit } = await benches[device]();
        const third = new Initiator(unit, "iqn.2026-11.test:c,i,0x1");
        await third.tell("00");
        await host.tell(outCdb(0x00), keyList(0n, 1n));
        await other.tell(outCdb(0x00), keyList(0n, 2n));
        expect(await host.tell(outCdb(0x01, type.code), keyList(1n))).toBe("GOOD");
        const cdb = cdbOf(command);
        const served = isServed(ruleOf(command, Buffer.from(cdb, "hex")), type.access);
        const expected = {
          holder: true,
          registered: served || type.sharedWith !== "nobody",
          unregistered: served,
        };
        const told = {
          holder: await isServedTo(host, cdb),
          registered: await isServedTo(other, cdb),
          unregistered: await isServedTo(third, cdb),
        };
        expect({ command: command.name, ...told }).toEqual({ command: command.name, ...expected });
      }
    },
  );

  test(`${device}, RESERVE(6) → each command served or RESERVATION CONFLICT, for two nexuses`, async () => {
    for (const command of judged) {
      const { host, other } = await benches[device]();
      expect(await host.tell("16 00 00 00 00 00")).toBe("GOOD");
      const cdb = cdbOf(command);
      const rule = ruleOf(command, Buffer.from(cdb, "hex"));
      const served = [await isServedTo(host, cdb), await isServedTo(other, cdb)];
      expect([command.name, ...served]).toEqual([
        command.name,
        rule !== "persistentReserve",
        rule === "ignored",
      ]);
    }
  });
}
