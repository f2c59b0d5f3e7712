/** Since when a device has owed an answer: two numbers a device, for this is asked of every command. */

export interface Stalls {
  begun(device: string): void;
  ended(device: string): void;
  /** How long it has had commands and answered none; 0 for an idle one. */
  stalledMs(device: string): number;
}

export function createStalls(nowMs: () => number): Stalls {
  const byDevice = new Map<string, { commands: number; sinceMs: number }>();
  return {
    begun(device) {
      const found = byDevice.get(device);
      if (found === undefined) byDevice.set(device, { commands: 1, sinceMs: nowMs() });
      else if ((found.commands += 1) === 1) found.sinceMs = nowMs();
    },
    ended(device) {
      const found = byDevice.get(device);
      if (found === undefined) return;
      found.commands -= 1;
      found.sinceMs = nowMs();
    },
    stalledMs(device) {
      const found = byDevice.get(device);
      return found === undefined || found.commands === 0 ? 0 : nowMs() - found.sinceMs;
    },
  };
}
