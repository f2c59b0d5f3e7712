/** The tables of DESIGN.md as the code has them; design.test.ts compares. */
import type { BoundCommand } from "./cdb.ts";
import type { ReservationRuleName } from "./reservation-rule.ts";
import { senseConditions } from "./sense.ts";
import { changerModels } from "./smc/changer-models.ts";
import { changerCommands } from "./smc/commands.ts";
import type { ChangerModel } from "./smc/models/changer-model.ts";
import { driveCommands } from "./ssc/commands.ts";
import { densities } from "./ssc/density.ts";
import { driveModels } from "./ssc/drive-models.ts";
import { driveTransitions } from "./ssc/drive-state.ts";
import type { DriveModel } from "./ssc/models/drive-model.ts";

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

/** Table name to Markdown. */
const driveModelRow = ({ vendor, product, generation, revision }: DriveModel) =>
  `| ${vendor} | ${product} | ${densities[generation].description} | ${revision} |`;

const changerModelRow = (model: ChangerModel) => {
  const { transport, importExport, dataTransfer, storage } = model.firstAddresses;
  const addresses = [transport, importExport, dataTransfer, storage].join(", ");
  const identifier = model.driveIdentifier === "t10" ? "T10 designator" : "serial number";
  const unloads = model.unloadsDrives ? "yes" : "no";
  return `| ${model.vendor} | ${model.product} | ${addresses} | ${identifier} | ${unloads} |`;
};

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
};
