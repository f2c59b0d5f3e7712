/** The one place every command passes: lookup, reserved bits, unit attention, deferred error, reservation, execution. */
import { type BoundCommand } from "./cdb.ts";
import type { Call } from "./call.ts";
import { check, invalidFieldInCdb } from "./completion.ts";
import type { Device } from "./device.ts";
import { type ReservationRuleName, reservationRules } from "./reservation-rule.ts";
import { status } from "./status.ts";
import type { Completion, MaybePromise, Nexus } from "./task.ts";

/** The commands of one operation code: one without service actions, or one for each. */
interface OpcodeEntry<D> {
  plain?: BoundCommand<D>;
  readonly byServiceAction: Map<number, BoundCommand<D>>;
}

export type CommandTable<D> = readonly (OpcodeEntry<D> | undefined)[];

const newEntry = <D>(): OpcodeEntry<D> => ({ byServiceAction: new Map() });

const serviceActionMask = 0x1f;

/** The array of commands as a table by operation code. */
export function commandTable<D>(commands: readonly BoundCommand<D>[]): CommandTable<D> {
  const table: (OpcodeEntry<D> | undefined)[] = Array.from({ length: 256 });
  for (const command of commands) {
    const entry = (table[command.opcode] ??= newEntry<D>());
    if (command.serviceAction === undefined) entry.plain = command;
    else entry.byServiceAction.set(command.serviceAction, command);
  }
  return table;
}

/** The command that a CDB asks for, by its operation code and service action. */
export function commandOf<D>(
  table: CommandTable<D>,
  cdb: Uint8Array,
): BoundCommand<D> | "noSuchOperationCode" | "noSuchServiceAction" {
  const entry = table[cdb[0]!];
  if (entry === undefined) return "noSuchOperationCode";
  const found = entry.plain ?? entry.byServiceAction.get(cdb[1]! & serviceActionMask);
  return found ?? "noSuchServiceAction";
}

export function serve<D extends Device>(
  device: D,
  table: CommandTable<D>,
  call: Call,
): MaybePromise<Completion> {
  const command = commandOf(table, call.cdb);
  if (command === "noSuchOperationCode") {
    return check("invalidOperationCode", { field: { in: "cdb", byte: 0 } });
  }
  if (command === "noSuchServiceAction") return invalidFieldInCdb(1, 4);
  return (
    reservedBitFault(command, call.cdb, device.ignoredByte1Bits) ??
    pendingCondition(device, command, call) ??
    reservationConflict(device, command, call) ??
    command.run(device, call)
  );
}

/** The first bit set that the command does not evaluate; the control byte (NACA, obsolete link bits) is one of these bytes. */
function reservedBitFault(
  command: BoundCommand<never>,
  cdb: Uint8Array,
  ignoredByte1Bits: number,
): Completion | undefined {
  for (let byte = 1; byte < command.length; byte++) {
    const ignored = byte === 1 ? ignoredByte1Bits : 0;
    const set = cdb[byte]! & ~command.usage[byte]! & ~ignored;
    if (set !== 0) return invalidFieldInCdb(byte, 31 - Math.clz32(set));
  }
  return undefined;
}

function pendingCondition(
  device: Device,
  command: BoundCommand<never>,
  call: Call,
): Completion | undefined {
  if (command.unitAttention === "ignored") return undefined;
  const attention = device.attentions.take(call.nexus);
  if (attention !== undefined) return check(attention);
  const sense = device.takeDeferredError(call.nexus);
  return sense === undefined ? undefined : { status: status.checkCondition, sense };
}

function reservationConflict(
  device: Device,
  command: BoundCommand<never>,
  call: Call,
): Completion | undefined {
  const { reservedBy, persistentReservations } = device;
  if (reservedBy === undefined && persistentReservations.reservation === undefined) {
    return undefined;
  }
  const { reservation = "conflict" } = command;
  const rule = typeof reservation === "function" ? reservation(call.cdb) : reservation;
  const conflicts =
    (reservedBy !== undefined && reserveConflicts(reservedBy, call.nexus, rule)) ||
    persistentReservations.conflicts(call.nexus, rule);
  return conflicts ? { status: status.reservationConflict } : undefined;
}

/** RESERVE(6) and RESERVE(10) (SPC-2 5.5.1). */
function reserveConflicts(holder: Nexus, nexus: Nexus, rule: ReservationRuleName): boolean {
  const { reserve } = reservationRules[rule];
  return reserve === "nobody" || (reserve === "holder" && holder !== nexus);
}
