/**
 * Bounds what is read ahead of a slow initiator: while the data of earlier commands of a nexus has not left for the
 * transport, its next commands wait, in order.
 */
import type {
  DataIn,
  Nexus,
  ScsiCompletion,
  ScsiTarget,
  ScsiTask,
  TaskManagementRequest,
} from "@reelhouse/iscsi";

/** Twice the longest block: enough to keep a socket busy, and a bound on what a stalled initiator can hold. */
export const dataInBytesMax = 16 * 1024 * 1024;

/** Status TASK ABORTED (SAM-5 5.3.1). */
const taskAborted: ScsiCompletion = { status: 0x40 };

interface Waiting {
  readonly task: ScsiTask;
  readonly begin: () => void;
  /** Ends it without the device, which does not know it. */
  readonly drop: () => void;
}

interface Lane {
  outstandingBytes: number;
  waiting: Waiting[];
}

/** Whether a task management function ends that task, whatever nexus it came by (SAM-5 7). */
function endsForAll({ function: name, lun }: TaskManagementRequest, task: ScsiTask): boolean {
  if (name === "TARGET WARM RESET" || name === "TARGET COLD RESET") return true;
  if (name !== "CLEAR TASK SET" && name !== "LOGICAL UNIT RESET") return false;
  return Buffer.compare(lun, task.lun) === 0;
}

export function gateReads(target: ScsiTarget): ScsiTarget {
  const lanes = new Map<Nexus, Lane>();

  const laneOf = (nexus: Nexus): Lane => {
    let lane = lanes.get(nexus);
    if (lane === undefined) lanes.set(nexus, (lane = { outstandingBytes: 0, waiting: [] }));
    return lane;
  };

  const counted = (lane: Lane, data: DataIn): DataIn => {
    lane.outstandingBytes += data.byteLength;
    return {
      views: data.views,
      byteLength: data.byteLength,
      release() {
        data.release();
        lane.outstandingBytes -= data.byteLength;
        while (lane.outstandingBytes < dataInBytesMax && lane.waiting.length > 0)
          lane.waiting.shift()?.begin();
      },
    };
  };

  const run = (lane: Lane, task: ScsiTask): ScsiCompletion | Promise<ScsiCompletion> => {
    const told = (completion: ScsiCompletion): ScsiCompletion =>
      completion.dataIn === undefined
        ? completion
        : { ...completion, dataIn: counted(lane, completion.dataIn) };
    const completion = target.execute(task);
    return completion instanceof Promise ? completion.then(told) : told(completion);
  };

  return {
    execute(task) {
      const lane = laneOf(task.nexus);
      if (lane.outstandingBytes < dataInBytesMax && lane.waiting.length === 0)
        return run(lane, task);
      return new Promise((resolve, reject) => {
        const begin = (): void => {
          try {
            resolve(run(lane, task));
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        };
        lane.waiting.push({ task, begin, drop: () => resolve(taskAborted) });
      });
    },
    manage(request) {
      for (const lane of lanes.values()) {
        const dropped = lane.waiting.filter(({ task }) => endsForAll(request, task));
        lane.waiting = lane.waiting.filter((each) => !dropped.includes(each));
        for (const { drop } of dropped) drop();
      }
      return target.manage(request);
    },
    nexusEstablished: (nexus) => target.nexusEstablished(nexus),
    nexusSuspended: (nexus) => target.nexusSuspended(nexus),
    nexusReturned: (nexus, tasksLost) => target.nexusReturned(nexus, tasksLost),
    nexusLost(nexus) {
      const lane = lanes.get(nexus);
      lanes.delete(nexus);
      // Its tasks are aborted: they go through and end without effect.
      for (const { begin } of lane?.waiting.splice(0) ?? []) begin();
      target.nexusLost(nexus);
    },
  };
}
