/** Counts what a device answers, for metrics and the log: a line for each status that is not GOOD, none for GOOD. */
import type { ScsiCompletion, ScsiTarget, ScsiTask } from "@reelhouse/iscsi";

export interface WatchedDevice {
  /** What metrics and log lines call it. */
  readonly name: string;
  /** What the standards call the command that a CDB asks this device for; undefined: it has no such command. */
  readonly commandName: (cdb: Uint8Array) => string | undefined;
}

export interface CommandWatch {
  begun?(device: WatchedDevice, task: ScsiTask): void;
  ended(device: WatchedDevice, task: ScsiTask, completion: ScsiCompletion): void;
}

export function watchCommands(
  device: WatchedDevice,
  target: ScsiTarget,
  watch: CommandWatch,
): ScsiTarget {
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
