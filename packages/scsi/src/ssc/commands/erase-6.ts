/** ERASE(6) (SSC-5 7.1): the data ends at the position; LONG or not, as nothing after end of data can be read. */
import { bit } from "../../cdb.ts";
import { good } from "../../completion.ts";
import { chain } from "../../maybe-promise.ts";
import { mediumCommand, writeTimeoutSeconds } from "./command.ts";

export const erase6 = mediumCommand({
  name: "ERASE(6)",
  opcode: 0x19,
  direction: "none",
  timeoutSeconds: writeTimeoutSeconds,
  writes: true,
  synchronizesFirst: true,
  cdb: { immed: bit(1, 1), long: bit(1, 0) },
  execute({ drive, medium, call }, { immed }) {
    return chain(medium.erase(), (erased) => {
      if (erased.kind === "fault") return drive.fault(erased);
      drive.markWritten(call.nexus);
      if (immed) return good();
      return chain(drive.synchronize(medium, call), (stored) =>
        stored.kind === "fault" ? drive.fault(stored) : good(),
      );
    });
  },
});
