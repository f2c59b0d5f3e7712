/**
 * kill -9 of the gateway while hosts hold persistent reservations: what a PERSISTENT RESERVE OUT with APTPL was answered GOOD for
 * is there again, by initiator port, after REGISTER AND MOVE too (SPC-5 5.14.5, 5.14.8).
 */
import { SCSI_STATUS, type ScsiDevice } from "@reelhouse/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { untilGatewayIsBack } from "./deaths.ts";
import { type Product, startProduct } from "./product.ts";

const APTPL = 0x01;
const UNREG_AND_APTPL = 0x03;
const EXCLUSIVE_ACCESS = 3;
const KEY = { first: 0xa, second: 0xb, moved: 0xc } as const;
const action = { register: 0, reserve: 1, registerAndMove: 7 } as const;
const HOSTS = {
  first: "iqn.2026-11.io.reelhouse:reserving-first",
  second: "iqn.2026-11.io.reelhouse:reserving-second",
} as const;
/** The same in every session: with the name it makes the initiator port. */
const ISID = Uint8Array.of(0x80, 0x52, 0x48, 0, 0, 1);

let product: Product;

beforeAll(async () => {
  product = await startProduct();
  const { reelhouse } = product;
  for (const targetName of [reelhouse.changerName, reelhouse.driveName(1)]) {
    const path = `/v1/iscsi/targets/${targetName}/access`;
    const { status } = await reelhouse.api.request("PUT", path, { severalInitiators: true });
    if (status !== 200) throw new Error(`PUT ${path}: ${status}`);
  }
});
beforeEach(() => product.showOnFailure());
afterAll(() => product.close());

const devices = {
  drive: (initiatorName: string) => product.reelhouse.openDrive(1, { initiatorName, isid: ISID }),
  changer: (initiatorName: string) => product.reelhouse.openChanger({ initiatorName, isid: ISID }),
} as const;

const open = async (kind: keyof typeof devices, host: keyof typeof HOSTS): Promise<ScsiDevice> => {
  const device = await devices[kind](HOSTS[host]);
  await device.clearUnitAttentions();
  return device;
};

const reserveOut = async (device: ScsiDevice, serviceAction: number, list: Buffer) => {
  const cdb = Buffer.from([0x5f, serviceAction, EXCLUSIVE_ACCESS, 0, 0, 0, 0, 0, list.length, 0]);
  const { status } = await device.raw(cdb, { dataOut: list });
  expect(status).toBe(SCSI_STATUS.good);
};

const keyList = (key: number, serviceActionKey: number): Buffer => {
  const list = Buffer.alloc(24);
  list[7] = key;
  list[15] = serviceActionKey;
  list[20] = APTPL;
  return list;
};

/** To the initiator port of that host, which is not registered yet. */
const moveList = (host: keyof typeof HOSTS): Buffer => {
  const name = Buffer.from(`${HOSTS[host]},i,0x${Buffer.from(ISID).toString("hex")}\0`);
  const padded = Buffer.concat([name, Buffer.alloc(-name.length & 3)]);
  const transportId = Buffer.concat([Buffer.from([0x45, 0, 0, padded.length]), padded]);
  const list = Buffer.concat([Buffer.alloc(24), transportId]);
  list[7] = KEY.first;
  list[15] = KEY.moved;
  list[17] = UNREG_AND_APTPL;
  list[19] = 1;
  list[23] = transportId.length;
  return list;
};

/** Keys of READ KEYS, and the key of READ RESERVATION. */
const keysOf = async (device: ScsiDevice) => {
  const read = async (serviceAction: number) => {
    const cdb = Buffer.from([0x5e, serviceAction, 0, 0, 0, 0, 0, 1, 0, 0]);
    return (await device.good("PERSISTENT RESERVE IN", cdb, { dataInLength: 256 })).data;
  };
  const [keys, reservation] = [await read(0), await read(1)];
  const count = keys.readUInt32BE(4) / 8;
  return {
    keys: Array.from({ length: count }, (_, at) => Number(keys.readBigUInt64BE(8 + at * 8))),
    holder: Number(reservation.readBigUInt64BE(8)),
  };
};

/** Only who holds the reservation may prevent removal. */
const mayPrevent = async (device: ScsiDevice): Promise<boolean> => {
  const { status } = await device.raw(Buffer.from([0x1e, 0, 0, 0, 1, 0]));
  await device.raw(Buffer.from([0x1e, 0, 0, 0, 0, 0]));
  return status === SCSI_STATUS.good;
};

const die = async (...sessions: readonly ScsiDevice[]): Promise<void> => {
  product.reelhouse.kill("gateway");
  await Promise.all(sessions.map(({ session }) => session.logout().catch(() => undefined)));
  await untilGatewayIsBack(product.reelhouse);
};

test.each(["drive", "changer"] as const)(
  "%s reserved with APTPL, killed; moved to another host, killed again → it holds, the first does not",
  async (kind) => {
    const [first, second] = [await open(kind, "first"), await open(kind, "second")];
    await reserveOut(first, action.register, keyList(0, KEY.first));
    await reserveOut(first, action.reserve, keyList(KEY.first, 0));
    await die(first, second);

    const [holder, other] = [await open(kind, "first"), await open(kind, "second")];
    expect(await keysOf(other)).toEqual({ keys: [KEY.first], holder: KEY.first });
    expect([await mayPrevent(holder), await mayPrevent(other)]).toEqual([true, false]);
    await reserveOut(holder, action.registerAndMove, moveList("second"));
    await die(holder, other);

    const [before, now] = [await open(kind, "first"), await open(kind, "second")];
    expect(await keysOf(before)).toEqual({ keys: [KEY.moved], holder: KEY.moved });
    expect([await mayPrevent(before), await mayPrevent(now)]).toEqual([false, true]);
    for (const { session } of [before, now]) await session.logout();
  },
);
