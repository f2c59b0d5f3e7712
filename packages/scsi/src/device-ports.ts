/** What a device asks of the world around it: the time, and a place for the little that outlives a restart. */
import type { MaybePromise } from "./task.ts";

/**
 * Small texts by name, for one device. What was put is there after a crash once `put` has answered; it rejects when that
 * cannot be, and all is as before.
 */
export interface DeviceStore {
  get(name: string): string | undefined;
  put(name: string, text: string): MaybePromise<void>;
}

export interface DevicePorts {
  /** Milliseconds since 1970-01-01 UTC. */
  readonly nowMs: () => number;
  readonly store: DeviceStore;
  /** Resolves when the event loop has had its turn: long work in the CPU lets others go on. */
  readonly nextTurn: () => Promise<void>;
}

/** A store that lasts as long as the process. */
export function volatileStore(): DeviceStore {
  const texts = new Map<string, string>();
  return {
    get: (name) => texts.get(name),
    put: (name, text) => {
      texts.set(name, text);
    },
  };
}

/** A device without a clock and a disk: its time begins in 1970, and it forgets at its end. */
export const standAlone = (): DevicePorts => ({
  nowMs: () => 0,
  store: volatileStore(),
  nextTurn: () => Promise.resolve(),
});
