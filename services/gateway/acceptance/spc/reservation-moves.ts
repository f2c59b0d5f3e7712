/** REGISTER AND MOVE, SPEC_I_PT and APTPL of persistent reservations, with two I_T nexuses (SPC-5 5.14.5, 5.14.7, 5.14.8). */
import assert from "node:assert/strict";
import type { CommandResult, ScsiDevice } from "@reelhouse/testing";
import { be, cdb, persistentReserveIn, persistentReserveOut } from "../cdb.ts";
import { Lack } from "../lack.ts";
import { checkCondition, conflict, good, isUnknown } from "../expect.ts";
import { type DeviceView, forBoth } from "./devices.ts";
import { reserveOut } from "./reservations.ts";

const SERVICE_ACTION = { register: 0x00, registerAndMove: 0x07 } as const;
const EXCLUSIVE_ACCESS = 3;
const APTPL = 0x01;
const UNREG = 0x02;
const SPEC_I_PT = 0x08;
const KEY = { holder: 0xa, other: 0xb, moved: 0xc } as const;

/** What REPORT CAPABILITIES says: persistence through power loss can be asked for, and is on. */
const PTPL_C = { byte: 2, mask: 0x01 } as const;
const PTPL_A = { byte: 3, mask: 0x01 } as const;

const readIn = async (device: ScsiDevice, action: number): Promise<Buffer> => {
  const command = persistentReserveIn(action);
  return (await device.good("PERSISTENT RESERVE IN", command, { dataInLength: 0x1000 })).data;
};

interface Registration {
  readonly key: number;
  readonly holds: boolean;
  readonly relativeTargetPort: number;
  readonly transportId: Buffer;
}

const DESCRIPTOR_BYTES = 24;

/** READ FULL STATUS. */
const registrationsOf = async (device: ScsiDevice): Promise<readonly Registration[]> => {
  const data = await readIn(device, 3);
  const found: Registration[] = [];
  for (let at = 8; at + DESCRIPTOR_BYTES <= data.length;) {
    const end = at + DESCRIPTOR_BYTES + data.readUInt32BE(at + 20);
    found.push({
      key: data.readUInt32BE(at + 4),
      holds: (data.readUInt8(at + 12) & 1) === 1,
      relativeTargetPort: data.readUInt16BE(at + 18),
      transportId: Buffer.from(data.subarray(at + DESCRIPTOR_BYTES, end)),
    });
    at = end;
  }
  return found;
};

const sendList = async (
  device: ScsiDevice,
  action: keyof typeof SERVICE_ACTION,
  list: Uint8Array,
): Promise<CommandResult> => {
  const command = cdb(0x5f, 10, { 1: SERVICE_ACTION[action], 5: be(list.length, 4) });
  const result = await device.raw(command, { dataOut: Buffer.from(list) });
  if (isUnknown(result)) throw new Lack("no PERSISTENT RESERVE OUT");
  if (result.sense?.senseKey === 5 && result.sense.additionalSenseCode === 0x24)
    throw new Lack(`no ${action} of this form`);
  return result;
};

/** The target port in READ FULL STATUS; where it tells none (one registration for all of them), that of the first. */
const portOf = ({ relativeTargetPort }: Registration): number => relativeTargetPort || 1;

const move = (
  device: ScsiDevice,
  to: Registration,
  flags: number,
  port = portOf(to),
): Promise<CommandResult> =>
  sendList(
    device,
    "registerAndMove",
    Buffer.from([
      ...be(KEY.holder, 8),
      ...be(KEY.moved, 8),
      0,
      flags,
      ...be(port, 2),
      ...be(to.transportId.length, 4),
      ...to.transportId,
    ]),
  );

/** Both registered, the first holds; where the other is, as READ FULL STATUS tells it. */
const held = async ({ device, other }: DeviceView) => {
  const [holder, second] = [await device(), await other()];
  good("REGISTER", await reserveOut(holder, "register", [0, KEY.holder]));
  good("REGISTER", await reserveOut(second, "register", [0, KEY.other]));
  good("RESERVE", await reserveOut(holder, "reserve", [KEY.holder], EXCLUSIVE_ACCESS));
  const at = (await registrationsOf(holder)).find(({ key }) => key === KEY.other);
  assert(at !== undefined, "READ FULL STATUS does not tell of the other's registration");
  return { holder, second, at };
};

/** A command that only who holds the reservation may send: PREVENT ALLOW MEDIUM REMOVAL, and allows it again. */
const tryToPrevent = async (device: ScsiDevice): Promise<CommandResult> => {
  await device.clearUnitAttentions();
  const result = await device.raw(cdb(0x1e, 6, { 4: 1 }));
  await device.raw(cdb(0x1e, 6));
  return result;
};

const registerPersistently = (device: ScsiDevice, isOn: boolean): Promise<CommandResult> => {
  const list = Buffer.alloc(24);
  list.writeUInt32BE(KEY.holder, 12);
  list[20] = isOn ? APTPL : 0;
  return device.raw(persistentReserveOut(6, 0), { dataOut: list });
};

export const reservationMoves = forBoth("moved reservations", [
  [
    "REGISTER AND MOVE to another → it holds the reservation by its new key, and the first stays registered",
    "SPC-5 5.14.8",
    async (view) => {
      const { holder, second, at } = await held(view);
      good("REGISTER AND MOVE", await move(holder, at, 0));
      const after = await registrationsOf(second);
      const [mine, others] = [KEY.holder, KEY.moved].map((key) =>
        after.find((each) => each.key === key),
      );
      assert.deepEqual([mine?.holds, others?.holds], [false, true]);
      conflict("PREVENT of the first", await tryToPrevent(holder));
      good("PREVENT of the new holder", await tryToPrevent(second));
      good("RELEASE", await reserveOut(second, "release", [KEY.moved], EXCLUSIVE_ACCESS));
    },
  ],
  [
    "REGISTER AND MOVE with UNREG → the first is no longer registered",
    "SPC-5 5.14.8",
    async (view) => {
      const { holder, second, at } = await held(view);
      good("REGISTER AND MOVE", await move(holder, at, UNREG));
      assert.deepEqual(
        (await registrationsOf(second)).map(({ key, holds }) => [key, holds]),
        [[KEY.moved, true]],
      );
      conflict("RELEASE of the first", await reserveOut(holder, "release", [KEY.holder], 3));
    },
  ],
  [
    "REGISTER AND MOVE by one who does not hold it, to itself, to a target port that is none → refused, nothing moved",
    "SPC-5 5.14.8",
    async (view) => {
      const { holder, second, at } = await held(view);
      const wanted = { key: "ILLEGAL REQUEST", code: 0x2600 } as const;
      const itself = (await registrationsOf(holder)).find(({ key }) => key === KEY.holder);
      assert(itself !== undefined);
      conflict("of who is registered only", await move(second, itself, 0));
      checkCondition("to itself", await move(holder, itself, 0), wanted);
      checkCondition("to a port that is none", await move(holder, at, 0, 0x7f7f), wanted);
      good("PREVENT of the holder", await tryToPrevent(holder));
      conflict("PREVENT of the other", await tryToPrevent(second));
    },
  ],
  [
    "REGISTER with SPEC_I_PT → the ports that it names are registered too",
    "SPC-5 5.14.7",
    async (view) => {
      const { device, other } = view;
      const [first, second] = [await device(), await other()];
      good("REGISTER", await reserveOut(second, "register", [0, KEY.other]));
      const [there] = await registrationsOf(first);
      assert(there !== undefined);
      good("CLEAR", await reserveOut(second, "clear", [KEY.other]));
      const { transportId } = there;
      const head = Buffer.alloc(24);
      head.writeUInt32BE(KEY.moved, 12);
      head[20] = SPEC_I_PT;
      const list = Buffer.concat([head, Buffer.from(be(transportId.length, 4)), transportId]);
      good("REGISTER", await sendList(first, "register", list));
      const after = await registrationsOf(second);
      assert.deepEqual(
        after.map(({ key }) => key),
        [KEY.moved, KEY.moved],
      );
      good("RESERVE", await reserveOut(second, "reserve", [KEY.moved], EXCLUSIVE_ACCESS));
    },
  ],
  [
    "REGISTER with APTPL and without → REPORT CAPABILITIES says whether it persists through power loss",
    "SPC-5 5.14.5",
    async ({ device }) => {
      const first = await device();
      const can = (await readIn(first, 2)).readUInt8(PTPL_C.byte) & PTPL_C.mask;
      if (can === 0) throw new Lack("no persistence through power loss");
      for (const isOn of [true, false]) {
        good("REGISTER AND IGNORE", await registerPersistently(first, isOn));
        const is = (await readIn(first, 2)).readUInt8(PTPL_A.byte) & PTPL_A.mask;
        assert.equal(is === 1, isOn, "PTPL_A");
      }
    },
  ],
]);
