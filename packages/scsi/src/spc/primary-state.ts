/** What the primary commands keep of a logical unit, besides mode pages and reservations. */
import type { DevicePorts } from "../device-ports.ts";
import { DeviceBuffers } from "./device-buffers.ts";
import { DeviceClock } from "./device-clock.ts";

export interface PrimaryState {
  readonly clock: DeviceClock;
  readonly buffers: DeviceBuffers;
}

export const newPrimaryState = ({ nowMs }: DevicePorts): PrimaryState => ({
  clock: new DeviceClock(nowMs),
  buffers: new DeviceBuffers(),
});
