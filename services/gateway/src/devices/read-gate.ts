/**
 * Bounds what is read ahead of a slow initiator: while the data of earlier commands of a nexus has not left for the
 * transport, its next commands wait, in order.
 */
import type { DataIn, Nexus, ScsiCompletion, ScsiTarget, ScsiTask } from "@reelhouse/iscsi";

/** Twice the longest block: enough to keep a socket busy, and a bound on what a stalled initiator can hold. */
export const dataInBytesMax = 16 * 1024 * 1024;

interface Lane {
  outstandingBytes: number;
  readonly waiting: (() => void)[];
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
          lane.waiting.shift()?.();
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
        lane.waiting.push(() => {
          try {
            resolve(run(lane, task));
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        });
      });
    },
    manage: (request) => target.manage(request),
    nexusEstablished: (nexus) => target.nexusEstablished(nexus),
    nexusSuspended: (nexus) => target.nexusSuspended(nexus),
    nexusReturned: (nexus, tasksLost) => target.nexusReturned(nexus, tasksLost),
    nexusLost(nexus) {
      const lane = lanes.get(nexus);
      lanes.delete(nexus);
      // Its tasks are aborted: they go through and end without effect.
      for (const begin of lane?.waiting.splice(0) ?? []) begin();
      target.nexusLost(nexus);
    },
  };
}
