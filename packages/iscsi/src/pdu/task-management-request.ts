/** Task Management Function Request (RFC 7143 11.5). */
import type { TaskManagementFunction } from "../scsi-target.ts";
import { initiatorOpcodes, TAG_NONE } from "./bhs.ts";
import { definePdu } from "./codec.ts";
import { bits, bytes, uint32 } from "./fields.ts";

/** Function codes (RFC 7143 11.5.1). */
export const taskManagementFunctions: Readonly<Record<number, TaskManagementFunction>> = {
  1: "ABORT TASK",
  2: "ABORT TASK SET",
  3: "CLEAR ACA",
  4: "CLEAR TASK SET",
  5: "LOGICAL UNIT RESET",
  6: "TARGET WARM RESET",
  7: "TARGET COLD RESET",
  8: "TASK REASSIGN",
};

export const taskManagementRequest = definePdu({
  kind: "TaskManagementRequest",
  opcode: initiatorOpcodes.TaskManagementRequest,
  ones: [[1, 0x80]],
  fields: {
    function: bits(1, 0, 7),
    lun: bytes(8, 8),
    initiatorTaskTag: uint32(16),
    referencedTaskTag: uint32(20),
    cmdSN: uint32(24),
    expStatSN: uint32(28),
    refCmdSN: uint32(32),
    expDataSN: uint32(36),
  },
  check: (pdu) =>
    pdu.initiatorTaskTag === TAG_NONE ? "the Initiator Task Tag is the reserved value" : undefined,
});
export type TaskManagementRequestPdu = Exclude<
  ReturnType<typeof taskManagementRequest.decode>,
  { severity: string }
>;
