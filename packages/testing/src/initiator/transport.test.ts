/** What goes over the wire: padding, digests, and what a tampering test makes of them. CRC32C by another's table. */
import { type AddressInfo, createServer, type Server } from "node:net";
import { afterEach, expect, test } from "vitest";
import { waitUntil } from "../wait-until.ts";
import { type Tamper, Transport } from "./transport.ts";

let server: Server | undefined;
let transport: Transport | undefined;
afterEach(() => {
  transport?.cut();
  server?.close();
});

/** Bit by bit, reflected, polynomial 1EDC6F41h (RFC 3720 B.4 has its examples). */
const slowCrc32c = (bytes: Buffer): number => {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f6_3b78 : 0);
  }
  return (crc ^ 0xffff_ffff) >>> 0;
};

/** Sends one PDU and gives the bytes that arrived, once there are `count`. */
const wire = async (count: number, data: Buffer, tamper?: Tamper): Promise<Buffer> => {
  let arrived = Buffer.alloc(0);
  server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk: Buffer) => (arrived = Buffer.concat([arrived, chunk])));
  });
  const listening = server;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server's address is never a path
  const { port } = server.address() as AddressInfo;
  const target = { host: "127.0.0.1", port };
  transport = await Transport.connect({ ...target, receiveDataLengthMax: 8192, tamper });
  transport.useDigests(true, true);
  transport.send(Buffer.alloc(48, 0x42), data);
  return waitUntil(() => (arrived.length >= count ? arrived : undefined), {
    what: `${count} bytes`,
    timeoutMs: 2000,
    pauseMs: 5,
  });
};

test("the check value of RFC 3720 B.4 → 32 bytes of zeroes", () => {
  expect(slowCrc32c(Buffer.alloc(32)).toString(16)).toBe("8a9136aa");
});

test("digests → header, its CRC, data, padding, the CRC of both, little endian", async () => {
  const bytes = await wire(48 + 4 + 8 + 4, Buffer.from("tape!"));
  expect(bytes.length).toBe(64);
  expect(bytes.readUInt32LE(48)).toBe(slowCrc32c(bytes.subarray(0, 48)));
  expect(bytes.subarray(52, 60).toString()).toBe("tape!\0\0\0");
  expect(bytes.readUInt32LE(60)).toBe(slowCrc32c(bytes.subarray(52, 60)));
});

test("a data digest broken on purpose → wrong, the header's right", async () => {
  const bytes = await wire(60, Buffer.from("tape"), (pdu) => ({ ...pdu, breakDataDigest: true }));
  expect(bytes.readUInt32LE(48)).toBe(slowCrc32c(bytes.subarray(0, 48)));
  expect(bytes.readUInt32LE(56)).not.toBe(slowCrc32c(bytes.subarray(52, 56)));
});

test("no data → no data digest", async () => {
  expect((await wire(52, Buffer.alloc(0))).length).toBe(52);
});

test("nobody listens → closed", async () => {
  const options = { host: "127.0.0.1", port: 1, receiveDataLengthMax: 8192 };
  await expect(Transport.connect(options)).rejects.toMatchObject({ kind: "closed" });
});
