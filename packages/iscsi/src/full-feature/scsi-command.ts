/** SCSI Command (RFC 7143 11.3): makes a task of it and hands it to the device. */
import type { ScsiCommand } from "../pdu/scsi-command.ts";
import { ProtocolError } from "../protocol-error.ts";
import type { Session } from "../session.ts";
import { immediateDataFault, Task } from "../task.ts";
import { TaskAborted } from "../task-aborted.ts";

export function handleScsiCommand(session: Session, pdu: ScsiCommand): ProtocolError | undefined {
  const { scsiTarget } = session;
  if (scsiTarget === undefined) {
    return new ProtocolError("Protocol Error", "a discovery session runs no SCSI commands");
  }
  if (session.isInUse(pdu.initiatorTaskTag)) {
    return new ProtocolError("Task In Progress", "the Initiator Task Tag is in use");
  }
  const task = new Task(session, pdu);
  session.add(task);
  const fault = immediateDataFault(pdu, session.parameters);
  if (fault !== undefined) {
    task.failWith(fault);
    return undefined;
  }
  task.takeImmediateData(pdu.data);
  const completion = scsiTarget.execute(task);
  if (!("then" in completion)) {
    session.complete(task, completion);
    return undefined;
  }
  // A rejection for any other reason than the abort is a broken invariant of the device: it stays unhandled, and ends
  // the process.
  void completion.then(
    (value) => session.complete(task, value),
    (error: unknown) => {
      if (!(task.aborted && error instanceof TaskAborted)) throw error;
    },
  );
  return undefined;
}
