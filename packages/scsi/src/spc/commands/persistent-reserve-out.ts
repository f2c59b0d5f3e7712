/** PERSISTENT RESERVE OUT (SPC-5 6.16): the eight service actions, each in spc/reservations. */
import type { Call } from "../../call.ts";
import { type BoundCommand, bits, uint } from "../../cdb.ts";
import type { Device } from "../../device.ts";
import { chain } from "../../maybe-promise.ts";
import { status } from "../../status.ts";
import type { Completion, MaybePromise } from "../../task.ts";
import { answerWhenKept } from "../keeping.ts";
import { receiveParameterList } from "../parameter-list.ts";
import { preempt, preemptAndAbort } from "../reservations/preempt.ts";
import { register, registerAndIgnoreExistingKey } from "../reservations/register.ts";
import { registerAndMove } from "../reservations/register-and-move.ts";
import { clear, release, reserve } from "../reservations/reserve.ts";
import type { ReserveAction } from "../reservations/reserve-action.ts";
import { spcCommand } from "./command.ts";

function run(
  action: ReserveAction,
  device: Device,
  fields: { readonly scope: number; readonly type: number; readonly parameterListLength: number },
  call: Call,
): MaybePromise<Completion> {
  return chain(receiveParameterList(call, fields.parameterListLength), (list) => {
    if (!(list instanceof Uint8Array)) return list;
    const state = device.persistentReservations;
    const port = call.nexus.initiatorPortName;
    const before = state.reservation;
    const undo = state.undo();
    const effects: (() => void)[] = [];
    const whenKept = (effect: () => void) => void effects.push(effect);
    const refused = action({ device, state, port, call, list, whenKept, ...fields });
    if (refused !== undefined) return refused;
    return chain(answerWhenKept(state.keep(), undo), (answer) => {
      if (answer.status === status.good) for (const effect of effects) effect();
      if (before !== undefined && state.reservation !== before) {
        device.reservationLost?.(state.reservation !== undefined, call.nexus);
      }
      return answer;
    });
  });
}

const row = (serviceAction: number, name: string, action: ReserveAction): BoundCommand<Device> =>
  spcCommand({
    name: `PERSISTENT RESERVE OUT (${name})`,
    opcode: 0x5f,
    serviceAction,
    direction: "out",
    reservation: "persistentReserve",
    cdb: { scope: bits(2, 7, 4), type: bits(2, 3, 0), parameterListLength: uint(5, 4) },
    execute: (device, cdb, call) => run(action, device, cdb, call),
  });

export const persistentReserveOut: readonly BoundCommand<Device>[] = [
  row(0x00, "REGISTER", register),
  row(0x01, "RESERVE", reserve),
  row(0x02, "RELEASE", release),
  row(0x03, "CLEAR", clear),
  row(0x04, "PREEMPT", preempt),
  row(0x05, "PREEMPT AND ABORT", preemptAndAbort),
  row(0x06, "REGISTER AND IGNORE EXISTING KEY", registerAndIgnoreExistingKey),
  row(0x07, "REGISTER AND MOVE", registerAndMove),
];
