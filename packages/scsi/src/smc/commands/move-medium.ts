/** MOVE MEDIUM (SMC-3 6.6): GOOD when the cartridge is in its place for good, and a drive would answer as ready. */
import { bit, uint } from "../../cdb.ts";
import { good, invalidFieldInCdb } from "../../completion.ts";
import { chain } from "../../maybe-promise.ts";
import {
  barcodeAt,
  invalidPlace,
  invalidTransport,
  refusalCompletion,
  unreachable,
} from "../elements/elements.ts";
import { moveTimeoutSeconds, smcCommand } from "./command.ts";

export const moveMedium = smcCommand({
  name: "MOVE MEDIUM",
  opcode: 0xa5,
  direction: "none",
  timeoutSeconds: moveTimeoutSeconds,
  cdb: {
    transportAddress: uint(2, 2),
    sourceAddress: uint(4, 2),
    destinationAddress: uint(6, 2),
    invert: bit(10, 0),
  },
  execute(changer, { transportAddress, sourceAddress, destinationAddress, invert }) {
    const invalid =
      invalidTransport(changer, transportAddress, 2) ??
      invalidPlace(changer, sourceAddress, 4) ??
      invalidPlace(changer, destinationAddress, 6) ??
      (invert ? invalidFieldInCdb(10, 0) : undefined) ??
      unreachable(changer, sourceAddress, "source") ??
      unreachable(changer, destinationAddress, "destination");
    if (invalid !== undefined) return invalid;
    if (sourceAddress === destinationAddress) {
      const empty = barcodeAt(changer, sourceAddress) === undefined;
      return empty ? refusalCompletion("sourceEmpty") : good();
    }
    return chain(changer.robot.move(sourceAddress, destinationAddress), (result) =>
      result.kind === "moved" ? good() : refusalCompletion(result.reason),
    );
  },
});
