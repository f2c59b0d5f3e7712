/** READ BLOCK LIMITS (SSC-5 7.6): any length from 1 byte up, granularity 0. */
import { be, join } from "../../bytes.ts";
import { bit } from "../../cdb.ts";
import { goodData } from "../../completion.ts";
import { blockLengthMax, blockLengthMin } from "../limits.ts";
import { driveCommand } from "./command.ts";

const granularity = 0;
/** MAXIMUM LOGICAL OBJECT IDENTIFIER with MLOI: what the package counts exactly. */
const maximumObjectNumber = Number.MAX_SAFE_INTEGER;

export const readBlockLimits = driveCommand({
  name: "READ BLOCK LIMITS",
  opcode: 0x05,
  direction: "in",
  reservation: "ignored",
  cdb: { mloi: bit(1, 0) },
  execute(_drive, { mloi }) {
    const data = mloi
      ? join(new Uint8Array(12), be(maximumObjectNumber, 8))
      : join(granularity, be(blockLengthMax, 3), be(blockLengthMin, 2));
    return goodData(data, data.length);
  },
});
