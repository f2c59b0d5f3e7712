/** Task Management Function Response (RFC 7143 11.6). */
import { targetOpcodes } from "./bhs.ts";
import { definePdu } from "./codec.ts";
import { uint32, uint8 } from "./fields.ts";

/** Response codes (RFC 7143 11.6.1). */
export const taskManagementResponses = {
  "FUNCTION COMPLETE": 0,
  "TASK DOES NOT EXIST": 1,
  "LUN DOES NOT EXIST": 2,
  "TASK ALLEGIANCE REASSIGNMENT NOT SUPPORTED": 4,
  "TASK MANAGEMENT FUNCTION NOT SUPPORTED": 5,
  "FUNCTION REJECTED": 255,
} as const;

export const taskManagementResponse = definePdu({
  kind: "TaskManagementResponse",
  opcode: targetOpcodes.TaskManagementResponse,
  ones: [[1, 0x80]],
  fields: {
    response: uint8(2),
    initiatorTaskTag: uint32(16),
    statSN: uint32(24),
    expCmdSN: uint32(28),
    maxCmdSN: uint32(32),
  },
});
