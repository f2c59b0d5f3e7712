/** What the primary commands keep of a logical unit, besides mode parameters and reservations. */
import type { DevicePorts } from "../device-ports.ts";
import { DeviceBuffers } from "./device-buffers.ts";
import { DeviceClock } from "./device-clock.ts";
import { SavedModePages } from "./mode-pages/saved-mode-pages.ts";

export interface PrimaryState {
  readonly clock: DeviceClock;
  readonly buffers: DeviceBuffers;
  readonly savedModePages: SavedModePages;
}

export const newPrimaryState = ({ nowMs, store }: DevicePorts): PrimaryState => ({
  clock: new DeviceClock(nowMs),
  buffers: new DeviceBuffers(),
  savedModePages: new SavedModePages(store),
});
