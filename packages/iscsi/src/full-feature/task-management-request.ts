/** Task Management Function Request (RFC 7143 11.5, 11.6): takes tasks away, then asks the device. */
import {
  type TaskManagementRequestPdu,
  taskManagementFunctions,
} from "../pdu/task-management-request.ts";
import {
  taskManagementResponse,
  taskManagementResponses,
} from "../pdu/task-management-response.ts";
import { ProtocolError } from "../protocol-error.ts";
import type { ScsiTarget, TaskManagementFunction } from "../scsi-target.ts";
import { serialAdd, serialLess } from "../serial.ts";
import type { Session } from "../session.ts";
import type { Task } from "../task.ts";

type Response = keyof typeof taskManagementResponses;

/**
 * Which tasks of its own session a function takes away before the device hears of it: those of the LUN, or all. The device
 * ends those of other sessions with status TASK ABORTED, as TAS of its control mode page says (SAM-5 5.6).
 */
const reach: Readonly<Record<TaskManagementFunction, "named" | "none" | "ofLun" | "all">> = {
  "ABORT TASK": "named",
  "ABORT TASK SET": "ofLun",
  "CLEAR ACA": "none",
  "CLEAR TASK SET": "ofLun",
  "LOGICAL UNIT RESET": "ofLun",
  "TARGET WARM RESET": "all",
  "TARGET COLD RESET": "all",
  "TASK REASSIGN": "none",
};

function sameLun(left: Uint8Array, right: Uint8Array): boolean {
  return left.every((byte, index) => byte === right[index]);
}

function takeAway(
  session: Session,
  name: TaskManagementFunction,
  pdu: TaskManagementRequestPdu,
): void {
  const scope = reach[name];
  if (scope === "named" || scope === "none") return;
  const isMeant = (lun: Uint8Array): boolean => scope === "all" || sameLun(lun, pdu.lun);
  for (const task of session.tasks.values()) if (isMeant(task.lun)) session.abort(task);
  // What was sent before and has not come, or waits for that, is meant too (4.2.3.3), and not waited for.
  const { window, heldCommands } = session;
  const lastSN = serialAdd(pdu.cmdSN, -1);
  for (let cmdSN = window.expCmdSN; !serialLess(lastSN, cmdSN); cmdSN = serialAdd(cmdSN, 1)) {
    const isGone = heldCommands.abort(cmdSN, (_tag, lun) => isMeant(lun));
    if (isGone && !window.giveUp(cmdSN)) return;
  }
}

/**
 * Whether the command to be aborted was on its way when a digest error took it, or waits behind one that was (RFC 7143
 * 11.6.1): then its CmdSN counts as received, and what comes behind it has its turn. Else its answer went out before.
 */
function neverCame(session: Session, pdu: TaskManagementRequestPdu): boolean {
  const { refCmdSN, referencedTaskTag } = pdu;
  if (!serialLess(refCmdSN, pdu.cmdSN)) return false;
  const isGone = session.heldCommands.abort(refCmdSN, (tag) => tag === referencedTaskTag);
  return isGone && session.window.giveUp(refCmdSN);
}

function respond(session: Session, pdu: TaskManagementRequestPdu, response: Response): void {
  const answer = taskManagementResponse.encode({
    ...session.stamp(),
    response: taskManagementResponses[response],
    initiatorTaskTag: pdu.initiatorTaskTag,
  });
  session.send([answer]);
}

async function manage(
  session: Session,
  scsiTarget: ScsiTarget,
  name: TaskManagementFunction,
  pdu: TaskManagementRequestPdu,
  task: Task | undefined,
): Promise<void> {
  session.managing.add(pdu.initiatorTaskTag);
  const { nexus } = session;
  const response = await scsiTarget.manage({ function: name, nexus, lun: pdu.lun, task });
  session.managing.delete(pdu.initiatorTaskTag);
  if (session.ended) return;
  respond(session, pdu, response);
  if (name !== "TARGET COLD RESET" || response !== "FUNCTION COMPLETE") return;
  // RFC 7143 11.5.1: a cold reset ends all connections to the target, after the answer.
  for (const each of session.home.sessionsOf(nexus.targetName)) {
    each.transport.close("target cold reset", "lost");
  }
}

export function handleTaskManagementRequest(
  session: Session,
  pdu: TaskManagementRequestPdu,
): ProtocolError | undefined {
  const { scsiTarget } = session;
  if (scsiTarget === undefined) {
    return new ProtocolError("Protocol Error", "a discovery session has no tasks to manage");
  }
  const tag = pdu.initiatorTaskTag;
  if (session.isInUse(tag)) {
    return new ProtocolError("Task In Progress", "the Initiator Task Tag is in use");
  }
  const name = taskManagementFunctions[pdu.function];
  if (name === undefined) {
    respond(session, pdu, "TASK MANAGEMENT FUNCTION NOT SUPPORTED");
    return undefined;
  }
  if (name === "TASK REASSIGN") {
    respond(session, pdu, "TASK ALLEGIANCE REASSIGNMENT NOT SUPPORTED");
    return undefined;
  }
  const task = name === "ABORT TASK" ? session.tasks.get(pdu.referencedTaskTag) : undefined;
  if (name === "ABORT TASK") {
    if (task === undefined) {
      respond(session, pdu, neverCame(session, pdu) ? "FUNCTION COMPLETE" : "TASK DOES NOT EXIST");
      return undefined;
    }
    session.abort(task);
  }
  takeAway(session, name, pdu);
  void manage(session, scsiTarget, name, pdu, task);
  return undefined;
}
