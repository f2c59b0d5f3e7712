/** POSITION TO ELEMENT (SMC-3 6.8): the addresses are checked; the transport here needs no time to get anywhere. */
import { bit, uint } from "../../cdb.ts";
import { good, invalidFieldInCdb } from "../../completion.ts";
import { invalidPlace, invalidTransport } from "../elements/elements.ts";
import { smcCommand } from "./command.ts";

export const positionToElement = smcCommand({
  name: "POSITION TO ELEMENT",
  opcode: 0x2b,
  direction: "none",
  cdb: { transportAddress: uint(2, 2), destinationAddress: uint(4, 2), invert: bit(8, 0) },
  execute(changer, { transportAddress, destinationAddress, invert }) {
    return (
      invalidTransport(changer, transportAddress, 2) ??
      invalidPlace(changer, destinationAddress, 4) ??
      (invert ? invalidFieldInCdb(8, 0) : good())
    );
  },
});
