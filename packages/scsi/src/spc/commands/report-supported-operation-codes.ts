/** REPORT SUPPORTED OPERATION CODES (SPC-5 6.36): derived from the rows of the commands. */
import { be, join } from "../../bytes.ts";
import { type BoundCommand, bit, bits, commandTimeoutSeconds, uint } from "../../cdb.ts";
import { goodData, invalidFieldInCdb } from "../../completion.ts";
import { spcCommand } from "./command.ts";

type Row = BoundCommand<never>;

const reportingOptions = { all: 0, opcode: 1, serviceAction: 2, either: 3 } as const;
/** SUPPORT: not supported, or supported as the standard says. */
const support = { no: 0b001, standard: 0b011 } as const;
const ctdpOfOne = 0x80;
const ctdpOfAll = 0x02;
const servactv = 0x01;
const timeoutsDescriptorLength = 12;

function timeoutsDescriptor(row: Row): Uint8Array {
  const recommended = row.timeoutSeconds ?? commandTimeoutSeconds;
  return join(be(timeoutsDescriptorLength - 2, 2), 0, 0, be(0, 4), be(recommended, 4));
}

function allCommands(rows: readonly Row[], rctd: boolean): Uint8Array {
  const descriptors = rows.map((row) =>
    join(
      row.opcode,
      0,
      be(row.serviceAction ?? 0, 2),
      0,
      (rctd ? ctdpOfAll : 0) | (row.serviceAction === undefined ? 0 : servactv),
      be(row.length, 2),
      rctd ? timeoutsDescriptor(row) : new Uint8Array(),
    ),
  );
  const body = join(...descriptors);
  return join(be(body.length, 4), body);
}

function oneCommand(row: Row | undefined, rctd: boolean): Uint8Array {
  if (row === undefined) return join(0, support.no, be(0, 2));
  return join(
    0,
    (rctd ? ctdpOfOne : 0) | support.standard,
    be(row.length, 2),
    row.usage,
    rctd ? timeoutsDescriptor(row) : new Uint8Array(),
  );
}

export const reportSupportedOperationCodes = spcCommand({
  name: "REPORT SUPPORTED OPERATION CODES",
  opcode: 0xa3,
  serviceAction: 0x0c,
  direction: "in",
  reservation: "reads",
  cdb: {
    rctd: bit(2, 7),
    reportingOptions: bits(2, 2, 0),
    requestedOperationCode: uint(3, 1),
    requestedServiceAction: uint(4, 2),
    allocationLength: uint(6, 4),
  },
  execute({ commands }, cdb) {
    const { rctd, allocationLength } = cdb;
    const option = cdb.reportingOptions;
    if (option === reportingOptions.all)
      return goodData(allCommands(commands, rctd), allocationLength);
    if (option > reportingOptions.either) return invalidFieldInCdb(2, 2);
    const ofOpcode = commands.filter((row) => row.opcode === cdb.requestedOperationCode);
    const hasServiceActions = ofOpcode.some((row) => row.serviceAction !== undefined);
    if (option === reportingOptions.opcode && hasServiceActions) return invalidFieldInCdb(2, 2);
    if (option === reportingOptions.serviceAction && ofOpcode.length > 0 && !hasServiceActions) {
      return invalidFieldInCdb(2, 2);
    }
    const asked = option === reportingOptions.opcode ? 0 : cdb.requestedServiceAction;
    const row = ofOpcode.find((each) => (each.serviceAction ?? 0) === asked);
    return goodData(oneCommand(row, rctd), allocationLength);
  },
});
