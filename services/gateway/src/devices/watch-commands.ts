/** Counts what a device answers, for metrics and the log: a line for each status that is not GOOD, none for GOOD. */
import type { ScsiCompletion, ScsiTarget, ScsiTask } from "@reelhouse/iscsi";

export interface CommandWatch {
  begun?(device: string, task: ScsiTask): void;
  ended(device: string, task: ScsiTask, completion: ScsiCompletion): void;
}

export function watchCommands(device: string, target: ScsiTarget, watch: CommandWatch): ScsiTarget {
  const told = (task: ScsiTask, completion: ScsiCompletion): ScsiCompletion => {
    watch.ended(device, task, completion);
    return completion;
  };
  return {
    execute(task) {
      watch.begun?.(device, task);
      const completion = target.execute(task);
      return completion instanceof Promise
        ? completion.then((later) => told(task, later))
        : told(task, completion);
    },
    manage: (request) => target.manage(request),
    nexusEstablished: (nexus) => target.nexusEstablished(nexus),
    nexusSuspended: (nexus) => target.nexusSuspended(nexus),
    nexusReturned: (nexus, tasksLost) => target.nexusReturned(nexus, tasksLost),
    nexusLost: (nexus) => target.nexusLost(nexus),
  };
}
