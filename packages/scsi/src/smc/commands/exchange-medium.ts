/**
 * EXCHANGE MEDIUM (SMC-3 6.2): the cartridge of the first destination goes to the second, the source's to the first.
 * Done as single moves, by way of the transport element when two cartridges change places; a refused move undoes those
 * before it.
 */
import { bit, uint } from "../../cdb.ts";
import { good, invalidFieldInCdb } from "../../completion.ts";
import { chain } from "../../maybe-promise.ts";
import type { Completion, MaybePromise } from "../../task.ts";
import {
  barcodeAt,
  invalidPlace,
  invalidTransport,
  refusalCompletion,
  unreachable,
} from "../elements/elements.ts";
import type { MediumChanger } from "../medium-changer.ts";
import type { MoveResult } from "../robot.ts";
import { moveTimeoutSeconds, smcCommand } from "./command.ts";

interface Move {
  readonly from: number;
  readonly to: number;
}

/** Makes the moves in turn; at a refusal goes back over those made and answers with the refusal. */
function makeMoves(
  changer: MediumChanger,
  moves: readonly Move[],
  made: readonly Move[],
): MaybePromise<MoveResult> {
  const [next, ...rest] = moves;
  if (next === undefined) return { kind: "moved" };
  return chain(changer.robot.move(next.from, next.to), (result) => {
    if (result.kind === "moved") return makeMoves(changer, rest, [next, ...made]);
    const back = made.map(({ from, to }) => ({ from: to, to: from }));
    return chain(makeMoves(changer, back, []), () => result);
  });
}

export const exchangeMedium = smcCommand({
  name: "EXCHANGE MEDIUM",
  opcode: 0xa6,
  direction: "none",
  timeoutSeconds: moveTimeoutSeconds,
  cdb: {
    transportAddress: uint(2, 2),
    sourceAddress: uint(4, 2),
    firstDestinationAddress: uint(6, 2),
    secondDestinationAddress: uint(8, 2),
    inv1: bit(10, 1),
    inv2: bit(10, 0),
  },
  execute(changer, cdb): MaybePromise<Completion> {
    const { sourceAddress: source, firstDestinationAddress: first } = cdb;
    const second = cdb.secondDestinationAddress;
    const invalid =
      invalidTransport(changer, cdb.transportAddress, 2) ??
      invalidPlace(changer, source, 4) ??
      invalidPlace(changer, first, 6) ??
      invalidPlace(changer, second, 8);
    if (invalid !== undefined) return invalid;
    if (cdb.inv1) return invalidFieldInCdb(10, 1);
    if (cdb.inv2) return invalidFieldInCdb(10, 0);
    if (source === first || first === second) return invalidFieldInCdb(6, 7);
    const incomplete = [source, first].some((place) => barcodeAt(changer, place) === undefined);
    if (incomplete) return refusalCompletion("sourceEmpty");
    const blocked =
      unreachable(changer, source, "source") ??
      unreachable(changer, first, "source") ??
      unreachable(changer, second, "destination");
    if (blocked !== undefined) return blocked;
    const transport = changer.robot.ranges.transport.firstAddress;
    const moves =
      second === source
        ? [
            { from: first, to: transport },
            { from: source, to: first },
            { from: transport, to: second },
          ]
        : [
            { from: first, to: second },
            { from: source, to: first },
          ];
    return chain(makeMoves(changer, moves, []), (result) =>
      result.kind === "moved" ? good() : refusalCompletion(result.reason),
    );
  },
});
