/** CDBs and parameter lists of PERSISTENT RESERVE, for tests. */
import { be, join, readBe } from "./bytes.ts";
import type { Initiator } from "./testing-initiator.ts";

export const action = {
  register: 0x00,
  reserve: 0x01,
  release: 0x02,
  clear: 0x03,
  preempt: 0x04,
  preemptAndAbort: 0x05,
  registerAndIgnore: 0x06,
  registerAndMove: 0x07,
} as const;

const byte = (value: number) => value.toString(16).padStart(2, "0");

/** PERSISTENT RESERVE OUT with logical unit scope. */
export const outCdb = (serviceAction: number, type = 0, listLength = 24): string =>
  `5f ${byte(serviceAction)} ${byte(type)} 00 00 ${Buffer.from(be(listLength, 4)).toString("hex")} 00`;

/** The basic parameter list. */
export const keyList = (key: bigint, actionKey = 0n, flags = 0): Uint8Array =>
  join(be(key, 8), be(actionKey, 8), be(0, 4), flags, 0, 0, 0);

export const inCdb = (serviceAction: number, allocationLength = 0xffff): string =>
  `5e ${byte(serviceAction)} 00 00 00 00 00 ${byte(allocationLength >> 8)} ${byte(allocationLength & 0xff)} 00`;

/** PRGENERATION and the keys of READ KEYS. */
export async function keysSeenBy(host: Initiator) {
  const { data } = await host.send(inCdb(0x00));
  const count = readBe(data, 4, 4) / 8;
  return {
    generation: readBe(data, 0, 4),
    keys: Array.from({ length: count }, (_, index) => readBe(data, 8 + index * 8 + 2, 6)),
  };
}

/** Key and type of READ RESERVATION; undefined when there is none. */
export async function reservationSeenBy(host: Initiator) {
  const { data } = await host.send(inCdb(0x01));
  if (readBe(data, 4, 4) === 0) return undefined;
  return { key: readBe(data, 10, 6), type: data[21]! };
}
