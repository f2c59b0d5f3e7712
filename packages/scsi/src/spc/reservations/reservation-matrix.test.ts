/**
 * The reservation matrix: every command of both devices, beside every type of persistent reservation and beside RESERVE,
 * from the holder, from a registered and from an unregistered nexus. What is expected is written out here from the
 * standards' tables, apart from the column of the rows that the device server goes by.
 */
import { expect, test } from "vitest";
import type { BoundCommand } from "../../cdb.ts";
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

/** What a nexus that is not let in may do: always, beside write exclusive only, or (all other commands) never. */
type Verdict = "always" | "beside write exclusive" | "never";

/**
 * "Allowed" in every column, or in those of write exclusive: SPC-4 table 65 (SPC-5 table 66) for primary commands. Of SSC
 * and SMC what T10 lets read without a look at the medium, as drives and libraries document it.
 */
const allowed: Readonly<Record<string, Verdict>> = {
  INQUIRY: "always",
  "LOG SENSE": "always",
  "MODE SENSE(6)": "beside write exclusive",
  "MODE SENSE(10)": "beside write exclusive",
  "PERSISTENT RESERVE IN": "always",
  "READ ATTRIBUTE": "beside write exclusive",
  "READ BUFFER(10)": "beside write exclusive",
  "READ MEDIA SERIAL NUMBER": "always",
  "RECEIVE DIAGNOSTIC RESULTS": "beside write exclusive",
  "REPORT IDENTIFYING INFORMATION": "always",
  "REPORT LUNS": "always",
  "REPORT SUPPORTED OPERATION CODES": "beside write exclusive",
  "REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS": "beside write exclusive",
  "REPORT TARGET PORT GROUPS": "always",
  "REPORT TIMESTAMP": "always",
  "REQUEST SENSE": "always",
  "SECURITY PROTOCOL IN": "beside write exclusive",
  "TEST UNIT READY": "always",
  // The CDB of zeros allows removal; that it may not be prevented is the row "to prevent" below.
  "PREVENT ALLOW MEDIUM REMOVAL": "always",
  "READ BLOCK LIMITS": "always",
  "REPORT DENSITY SUPPORT": "always",
};

/** Beside RESERVE(6) or RESERVE(10) of another nexus (SPC-2 table 9): what is allowed always, without these. */
const refusedBesideReserve = new Set(["TEST UNIT READY"]);

/** The name without its service action in brackets. */
const bareName = ({ name }: { readonly name: string }): string => name.replace(/ \(.*$/, "");

const verdictOf = (command: { readonly name: string }): Verdict =>
  allowed[bareName(command)] ?? "never";

/** Commands whose fields decide, with the other value of the field. */
const byField: Readonly<
  Record<"drive" | "changer", readonly (readonly [string, string, Verdict])[]>
> = {
  drive: [["PREVENT ALLOW MEDIUM REMOVAL, to prevent", "1e 00 00 00 01 00", "never"]],
  changer: [
    ["PREVENT ALLOW MEDIUM REMOVAL, to prevent", "1e 00 00 00 01 00", "never"],
    ["READ ELEMENT STATUS with CURDATA", "b8 00 00 00 00 10 02 00 00 10 00 00", "always"],
  ],
};

const cdbOf = ({ opcode, serviceAction = 0, length }: BoundCommand<never>): string =>
  hex(Uint8Array.from({ length }, (_, at) => (at === 0 ? opcode : at === 1 ? serviceAction : 0)));

/** Unit attentions of the commands before are heard first: they would come before the conflict. */
async function isServedTo(initiator: Initiator, cdb: string): Promise<boolean> {
  await initiator.send("03 00 00 00 12 00");
  return (await initiator.tell(cdb)) !== "RESERVATION CONFLICT";
}

/** Their own rules: keys decide (SPC-4 table 66), or the other method's reservation; persistent-reserve-out.test has them. */
const byOtherRules = new Set([0x16, 0x17, 0x56, 0x57, 0x5f]);

for (const device of ["drive", "changer"] as const) {
  const commands: readonly BoundCommand<never>[] = commandSets[device];
  const judged = [
    ...commands
      .filter(({ opcode }) => !byOtherRules.has(opcode))
      .map((command) => [command.name, cdbOf(command), verdictOf(command)] as const),
    ...byField[device],
  ];

  test.each(reservationTypes)(
    `${device}, $name → each command served or RESERVATION CONFLICT, for three nexuses`,
    async (type) => {
      for (const [name, cdb, verdict] of judged) {
        const { host, other, unit } = await benches[device]();
        const third = new Initiator(unit, "iqn.2026-11.test:c,i,0x1");
        await third.tell("00");
        await host.tell(outCdb(0x00), keyList(0n, 1n));
        await other.tell(outCdb(0x00), keyList(0n, 2n));
        expect(await host.tell(outCdb(0x01, type.code), keyList(1n))).toBe("GOOD");
        const served =
          verdict === "always" ||
          (verdict === "beside write exclusive" && type.access === "writeExclusive");
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
        expect({ name, ...told }).toEqual({ name, ...expected });
      }
    },
  );

  test(`${device}, RESERVE(6) → each command served or RESERVATION CONFLICT, for two nexuses`, async () => {
    for (const [name, cdb, verdict] of judged) {
      const { host, other } = await benches[device]();
      expect(await host.tell("16 00 00 00 00 00")).toBe("GOOD");
      const isPersistent = name.startsWith("PERSISTENT RESERVE");
      const served = [await isServedTo(host, cdb), await isServedTo(other, cdb)];
      expect([name, ...served]).toEqual([
        name,
        !isPersistent,
        verdict === "always" && !isPersistent && !refusedBesideReserve.has(name),
      ]);
    }
  });
}

test("every command that the table allows is one of the two devices'", () => {
  const names = new Set([...driveCommands, ...changerCommands].map((command) => bareName(command)));
  expect(Object.keys(allowed).filter((name) => !names.has(name))).toEqual([]);
});
