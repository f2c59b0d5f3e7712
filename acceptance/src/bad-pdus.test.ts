/** PDUs and logins that break RFC 7143 get the answer it asks for; the gateway and everybody else's sessions live on. */
import {
  type ConnectOptions,
  IscsiError,
  openSession,
  type Tape,
  waitUntil,
} from "@reelhouse/testing";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Product, startProduct } from "./product.ts";
import { noise } from "./random.ts";
import { BHS_BYTES, immediateHeader, sendUntilClosed, tampering } from "./misbehaviour.ts";
import { insert } from "./tapes.ts";

const MIB = 1024 * 1024;

let product: Product;
/** A session that does nothing wrong, and must not feel what others do. */
let witness: Tape;
let gatewayPid: number | undefined;

beforeAll(async () => {
  product = await startProduct();
  witness = await product.drive(1);
  await insert(await product.changer(), witness, "RHS001L8");
  gatewayPid = product.reelhouse.services().gateway;
});
beforeEach(() => product.showOnFailure());
afterAll(() => product.close());

let count = 0;
const expectWitnessUndisturbed = async () => {
  count += 1;
  const block = noise(`witness ${count}`, 1000);
  await witness.write(block);
  await witness.writeFilemarks(0);
  await witness.space("blocks", -1);
  expect(await witness.read(MIB)).toMatchObject({ kind: "block", data: block });
  expect(product.reelhouse.services().gateway).toBe(gatewayPid);
};
afterEach(expectWitnessUndisturbed);

test.each([
  { what: "an opcode that RFC 7143 does not have", header: immediateHeader(0x1d), reason: 0x05 },
  { what: "a PDU that only targets send", header: immediateHeader(0x25), reason: 0x05 },
  { what: "SNACK at error recovery level 0", header: immediateHeader(0x10), reason: 0x03 },
  { what: "an AHS where none may be", header: immediateHeader(0x00, { 4: 255 }), reason: 0x04 },
])("$what → Reject $reason", async ({ header, reason }) => {
  const { session } = await product.drive(2);
  session.transport.sendRaw(header);
  if (header[4] !== 0) session.transport.sendRaw(Buffer.alloc(4 * 255));
  await waitUntil(() => session.rejects[0], { what: "a Reject", timeoutMs: 30_000 });
  expect(session.rejects).toMatchObject([{ reason }]);
  const { rejectedHeader } = session.rejects[0] ?? {};
  expect(rejectedHeader?.toString("hex", 0, BHS_BYTES)).toBe(header.toString("hex"));
  expect((await session.ping(Buffer.from("still here"))).toString()).toBe("still here");
  await session.logout();
});

test.each([
  { what: "noise", bytes: noise("no PDU", 4096) },
  { what: "a login of 16 MiB", bytes: immediateHeader(0x03, { 5: 0xff, 6: 0xff, 7: 0xff }) },
  {
    what: "an HTTP request",
    bytes: Buffer.from(`GET / HTTP/1.1\r\nHost: x\r\n\r\n${" ".repeat(400)}`),
  },
])("$what on a new connection → closed, without an answer", async ({ bytes }) => {
  expect(await sendUntilClosed(product.reelhouse.portal, bytes)).toHaveLength(0);
});

test("a command before any login → a Login Response that says so, and closed", async () => {
  const answer = await sendUntilClosed(product.reelhouse.portal, immediateHeader(0x01));
  expect(answer).toHaveLength(BHS_BYTES);
  expect([answer[0], answer[36], answer[37]]).toEqual([0x23, 0x02, 0x0b]);
});

const refusals: readonly {
  what: string;
  code: number;
  options: Partial<ConnectOptions>;
  device?: string;
}[] = [
  {
    what: "a target that is not here",
    code: 0x0203,
    options: {},
    device: "iqn.2026-11.io.reelhouse:none",
  },
  { what: "a session that does not exist", code: 0x020a, options: { tsih: 4711 } },
  { what: "a key given twice", code: 0x0200, options: { extraKeys: [["MaxBurstLength", "8192"]] } },
  {
    what: "a key that only targets send",
    code: 0x0200,
    options: { extraKeys: [["TargetAlias", "tape"]] },
  },
  {
    what: "a version of the future",
    code: 0x0205,
    options: { tamper: tampering(0x03, (header) => header.fill(7, 2, 4)) },
  },
];

test.each(refusals)(
  "a login with $what → refused with $code",
  async ({ code, options, device }) => {
    const { portal, changerName } = product.reelhouse;
    const login = openSession({ portal, targetName: device ?? changerName, ...options });
    await expect(login).rejects.toMatchObject({ kind: "login refused", code });
  },
);

test("a wrong header digest → the connection is closed without a word", async () => {
  let broken = false;
  const drive = await product.reelhouse.openDrive(2, {
    headerDigest: "CRC32C",
    tamper: (pdu) => ({ ...pdu, breakHeaderDigest: broken }),
  });
  broken = true;
  await expect(drive.testUnitReady()).rejects.toMatchObject({ kind: "closed" });
  expect(drive.session.rejects).toEqual([]);
});

test("a wrong data digest → Reject, and the command ends", async () => {
  const drive = await product.reelhouse.openDrive(2, {
    dataDigest: "CRC32C",
    tamper: (pdu) => ({ ...pdu, breakDataDigest: true }),
  });
  await expect(drive.setBlockLength(0)).rejects.toMatchObject({ kind: "rejected", code: 0x02 });
});

test("a Data-Out at the wrong offset → the session ends, and nothing of it is on the tape", async () => {
  const wrongOffset = tampering(0x05, (header) => header.writeUInt32BE(512, 40));
  const unsolicited = { initialR2T: true, immediateData: false };
  const drive = await product.reelhouse.openDrive(1, { ...unsolicited, tamper: wrongOffset });
  await drive.clearUnitAttentions();
  const { objectNumber } = await witness.readPosition();
  await expect(drive.write(noise("astray", 100_000))).rejects.toBeInstanceOf(IscsiError);
  expect(await witness.readPosition()).toMatchObject({ objectNumber });
});
