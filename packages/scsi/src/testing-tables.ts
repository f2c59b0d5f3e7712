/** The tables of DESIGN.md as the code has them; design.test.ts compares. */
import type { BoundCommand } from "./cdb.ts";
import type { ReservationRuleName } from "./reservation-rule.ts";
import { senseConditions } from "./sense.ts";
import { changerModels } from "./smc/models/changer-models.ts";
import { changerCommands } from "./smc/commands.ts";
import type { ChangerModel } from "./smc/models/changer-model.ts";
import type { LogPage } from "./spc/log-pages/log-page.ts";
import { deviceAttributes } from "./ssc/attributes/device-attributes.ts";
import { hostAttributes } from "./ssc/attributes/host-attributes.ts";
import { mediumAttributes } from "./ssc/attributes/medium-attributes.ts";
import { driveCommands } from "./ssc/commands.ts";
import { densities } from "./ssc/cartridges/density.ts";
import { driveModels } from "./ssc/models/drive-models.ts";
import { driveTransitions } from "./ssc/drive-state.ts";
import type { DriveModel } from "./ssc/models/drive-model.ts";
import { recordFault } from "./ssc/accounts/fault-log.ts";
import { newTapeDrive } from "./ssc/new-tape-drive.ts";
import { changerAlert, tapeAlert } from "./tape-alerts.ts";
import type { Nexus } from "./task.ts";
import { testIdentity } from "./testing-initiator.ts";
import { FakeMedium } from "./testing-medium.ts";

const byte = (value: number) => value.toString(16).toUpperCase().padStart(2, "0");

const gateOfRule: Readonly<Record<ReservationRuleName, string>> = {
  conflict: "",
  reads: "write exclusive",
  persistent: "persistent reservation",
  persistentReserve: "persistent reservation",
  ignored: "reservation",
};

/** What the row says of reservations; of a rule by fields, the most that a field can let pass. */
function reservationGate({ reservation = "conflict" }: BoundCommand<never>): string {
  return typeof reservation === "function" ? "reservation (by field)" : gateOfRule[reservation];
}

function commandRow(command: BoundCommand<never>): string {
  const { opcode, serviceAction, name, usage, unitAttention } = command;
  const code =
    serviceAction === undefined ? byte(opcode) : `${byte(opcode)}/${byte(serviceAction)}`;
  const usageText = [...usage].map((each) => byte(each)).join(" ");
  const passes = [
    unitAttention === "ignored" ? "unit attention" : "",
    reservationGate(command),
  ].filter((gate) => gate !== "");
  return `| ${code} | ${name} | ${usageText} | ${passes.join(", ")} |`;
}

const table = (head: string, rows: readonly string[]): string =>
  [head, `|${" --- |".repeat(head.split("|").length - 2)}`, ...rows].join("\n");

const commandHead = "| code | command | CDB usage data | passes by |";

/** When each TapeAlert flag is raised; a flag without a row here does not compile. */
const raisedWhen: Readonly<Record<keyof typeof tapeAlert | keyof typeof changerAlert, string>> = {
  hardError: "a block could not be recalled from the vault",
  readFailure: "a block is unreadable",
  writeFailure: "data could not be stored, now or earlier",
  writeProtect: "a write on a protected cartridge was refused",
  removalPrevented: "an unload was refused because a host prevents removal",
  cleaningMedia: "a cleaning cartridge was seated",
  unsupportedFormat: "a cartridge was seated that the drive cannot use",
  memoryChipFailure: "the volume's memory could not be written",
  readOnlyFormat: "a cartridge was seated that the drive only reads",
  cleanNow: "never: lowered by a cleaning cartridge, were it raised",
  cleanPeriodic: "never: lowered by a cleaning cartridge, were it raised",
  expiredCleaningMedia: "a spent cleaning cartridge was seated",
  lostStatistics: "the counts of a mount could not be kept with the volume",
  loadFailure: "a cartridge could not be read when it was seated",
  wormOverwriteAttempted: "an overwrite of a write-once volume was refused",
  inventory: "changer: cartridges came or went without its doing",
};

function logPageRow(page: LogPage, nexus: Nexus): string {
  const codes = page.parameters(nexus).map(({ code }) => code);
  return `| ${byte(page.pageCode)} | ${page.name} | ${rangesOf(codes)} |`;
}

const fourDigits = (code: number) => code.toString(16).toUpperCase().padStart(4, "0");

/** `0000-0003 0100`. */
function rangesOf(codes: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const code of codes) {
    const last = ranges.at(-1);
    if (last !== undefined && code === last[1] + 1) last[1] = code;
    else ranges.push([code, code]);
  }
  return ranges
    .map(([first, last]) =>
      first === last ? fourDigits(first) : `${fourDigits(first)}-${fourDigits(last)}`,
    )
    .join(" ");
}

/** Of a drive with a cartridge and one failure behind it, so that every parameter is there. */
function logPageRows(): readonly string[] {
  const drive = newTapeDrive(testIdentity);
  // The fake medium answers at once.
  void drive.load(new FakeMedium());
  recordFault(drive, "unrecoveredReadError");
  const nexus: Nexus = { initiatorPortName: "iqn.2026-11.test:a,i,0x1", portalGroupTag: 1 };
  return drive.logPages.map((page) => logPageRow(page, nexus));
}

function attributeRows(): readonly string[] {
  const derived = [...deviceAttributes, ...mediumAttributes].map(
    ({ identifier, name }) => `| ${fourDigits(identifier)} | ${name} | drive | |`,
  );
  const host = hostAttributes.map(({ identifier, name, lengthMax, variable, perPartition }) => {
    const length = variable === true ? `0 to ${lengthMax}` : `${lengthMax}`;
    return `| ${fourDigits(identifier)} | ${name} | host | ${length}${perPartition === true ? ", per partition" : ""} |`;
  });
  return [...derived, ...host];
}

const driveModelRow = ({ vendor, product, generation, revision }: DriveModel) =>
  `| ${vendor} | ${product} | ${densities[generation].description} | ${revision} |`;

const changerModelRow = (model: ChangerModel) => {
  const { transport, importExport, dataTransfer, storage } = model.firstAddresses;
  const addresses = [transport, importExport, dataTransfer, storage].join(", ");
  const identifier = model.driveIdentifier === "t10" ? "T10 designator" : "serial number";
  const unloads = model.unloadsDrives ? "yes" : "no";
  return `| ${model.vendor} | ${model.product} | ${addresses} | ${identifier} | ${unloads} |`;
};

/** Table name to Markdown. */
export const designTables: Readonly<Record<string, string>> = {
  "drive commands": table(
    commandHead,
    driveCommands.map((command) => commandRow(command)),
  ),
  "changer commands": table(
    commandHead,
    changerCommands.map((command) => commandRow(command)),
  ),
  "drive models": table(
    "| vendor | product | generation | revision |",
    driveModels.map((model) => driveModelRow(model)),
  ),
  "changer models": table(
    "| vendor | product | first transport, import/export, drive, storage | DVCID | unloads drives |",
    changerModels.map((model) => changerModelRow(model)),
  ),
  "drive states": table(
    "| state | insert | remove | load | unload | hold |",
    Object.entries(driveTransitions).map(
      ([state, { insert, remove, load, unload, hold }]) =>
        `| ${state} | ${insert} | ${remove} | ${load} | ${unload} | ${hold} |`,
    ),
  ),
  "sense conditions": table(
    "| key | ASC/ASCQ | condition |",
    Object.values(senseConditions).map(
      ({ key, asc, ascq, text }) =>
        `| ${key.toString(16).toUpperCase()} | ${byte(asc)}/${byte(ascq)} | ${text} |`,
    ),
  ),
  "log pages": table("| page | name | parameters |", logPageRows()),
  "TapeAlert flags": table(
    "| flag | raised when |",
    Object.entries({ ...tapeAlert, ...changerAlert })
      .sort(([, one], [, other]) => one - other)
      .map(([name, flag]) => {
        // The entries of the tables have their keys.
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        return `| ${flag} | ${raisedWhen[name as keyof typeof raisedWhen]} |`;
      }),
  ),
  attributes: table("| id | attribute | written by | bytes |", attributeRows()),
};
