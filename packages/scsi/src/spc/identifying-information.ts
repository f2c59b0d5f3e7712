/** Identifying information (SPC-5 6.33): what application clients wrote on the unit, kept over restarts. */
import type { DeviceStore } from "../device-ports.ts";
import type { MaybePromise } from "../task.ts";

/** INFORMATION TYPE, and the most bytes of each. */
export const informationTypes: ReadonlyMap<number, number> = new Map([
  [0b0000000, 512],
  [0b0000010, 256],
]);

const nameOf = (type: number) => `identifying-information-${type}`;

export const readInformation = (store: DeviceStore, type: number): Uint8Array =>
  new Uint8Array(Buffer.from(store.get(nameOf(type)) ?? "", "hex"));

export const writeInformation = (
  store: DeviceStore,
  type: number,
  information: Uint8Array,
): MaybePromise<void> => store.put(nameOf(type), Buffer.from(information).toString("hex"));
