/** SECURITY PROTOCOL IN (SPC-5 6.40): what the drive tells of its data encryption (SSC-5 8.5.2). */
import { uint } from "../../cdb.ts";
import { goodData, invalidFieldInCdb } from "../../completion.ts";
import { chain } from "../../maybe-promise.ts";
import { securityPage, securityProtocol } from "../encryption/security-pages.ts";
import { driveCommand, recallTimeoutSeconds } from "./command.ts";

const protocols: readonly number[] = Object.values(securityProtocol);

/** INC_512 is not among the fields: tape data encryption counts bytes. */
export const securityProtocolIn = driveCommand({
  name: "SECURITY PROTOCOL IN",
  opcode: 0xa2,
  direction: "in",
  reservation: "reads",
  timeoutSeconds: recallTimeoutSeconds,
  cdb: {
    securityProtocol: uint(1, 1),
    securityProtocolSpecific: uint(2, 2),
    allocationLength: uint(6, 4),
  },
  execute(drive, cdb, { nexus }) {
    if (!protocols.includes(cdb.securityProtocol)) return invalidFieldInCdb(1, 7);
    const page = securityPage(cdb.securityProtocol, cdb.securityProtocolSpecific);
    if (page === undefined) return invalidFieldInCdb(2, 7);
    return chain(page(drive, nexus), (answer) =>
      answer instanceof Uint8Array ? goodData(answer, cdb.allocationLength) : answer,
    );
  },
});
