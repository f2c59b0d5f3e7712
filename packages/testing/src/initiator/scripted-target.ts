/**
 * A target for this package's own tests: it logs in whoever comes and answers each request with the PDUs a script
 * gives. It keeps no rules, so that the initiator's own checks can be tested.
 */
import { type AddressInfo, createServer, type Socket } from "node:net";
import { INITIATOR_OPCODES, RESERVED_TAG, TARGET_OPCODES } from "./opcodes.ts";
import { PduReader } from "./pdu-reader.ts";
import { decodeText, encodeText } from "./text.ts";

export interface Request {
  /** Without the immediate bit. */
  readonly opcode: number;
  readonly header: Buffer;
  readonly data: Buffer;
}

/** A PDU to send; fields that are left out are zero, StatSN and the window are the target's. */
export interface Reply {
  readonly opcode: number;
  readonly flags?: number;
  /** Bytes to set in the header, by offset: [offset, width in bytes, value]. */
  readonly fields?: readonly (readonly [number, number, number])[];
  readonly data?: Uint8Array;
  /** The target's StatSN does not grow with it (R2T, Data-In without status, its own ping). */
  readonly withoutStatus?: boolean;
  readonly initiatorTaskTag?: number;
}

export interface ScriptedTarget {
  readonly port: number;
  /** Every request after the login, in order. */
  readonly requests: Request[];
  /** Keys of the login requests. */
  readonly loginKeys: Map<string, string>;
  /** Sends something nobody asked for. */
  push(reply: Reply): void;
  close(): Promise<void>;
}

export interface Script {
  /** Answers to the operational keys. */
  readonly keys?: readonly (readonly [string, string])[];
  /** 16-bit status class and detail of the login; 0 lets in. */
  readonly loginStatus?: number;
  /** How many commands past ExpCmdSN the window is open. */
  readonly window?: number;
  answer(request: Request): readonly Reply[];
}

const DATA_LENGTH_MAX = 2 ** 24;
const IMMEDIATE = 0x40;

const frame = (header: Buffer, data: Uint8Array): Buffer =>
  Buffer.concat([header, data, Buffer.alloc(-data.byteLength & 3)]);

class Peer {
  readonly #socket: Socket;
  readonly #script: Script;
  readonly #target: Pick<ScriptedTarget, "requests" | "loginKeys">;
  #statSN = 100;
  #expCmdSN = 1;
  #fullFeature = false;

  constructor(
    socket: Socket,
    script: Script,
    target: Pick<ScriptedTarget, "requests" | "loginKeys">,
  ) {
    this.#socket = socket;
    this.#script = script;
    this.#target = target;
    const pdu = (bhs: Buffer, data: Buffer) => this.#received(Buffer.from(bhs), data);
    const reader = new PduReader({ place: () => undefined, pdu }, DATA_LENGTH_MAX);
    socket.on("data", (chunk: Buffer) => reader.feed(chunk));
    socket.on("error", () => socket.destroy());
  }

  send(reply: Reply, tag: number): void {
    const data = reply.data ?? Buffer.alloc(0);
    const header = Buffer.alloc(48);
    header[0] = reply.opcode;
    header[1] = reply.flags ?? 0x80;
    header.writeUIntBE(data.byteLength, 5, 3);
    header.writeUInt32BE(reply.initiatorTaskTag ?? tag, 16);
    header.writeUInt32BE(this.#statSN, 24);
    header.writeUInt32BE(this.#expCmdSN, 28);
    header.writeUInt32BE(this.#expCmdSN + (this.#script.window ?? 64) - 1, 32);
    for (const [offset, width, value] of reply.fields ?? [])
      header.writeUIntBE(value, offset, width);
    if (reply.withoutStatus !== true) this.#statSN += 1;
    this.#socket.write(frame(header, data));
  }

  #received(header: Buffer, data: Buffer): void {
    const opcode = header.readUInt8(0) & 0x3f;
    if (!this.#fullFeature) return this.#login(header, data);
    const immediate = (header.readUInt8(0) & IMMEDIATE) !== 0;
    if (opcode !== INITIATOR_OPCODES.dataOut && !immediate) this.#expCmdSN += 1;
    const request = { opcode, header, data };
    this.#target.requests.push(request);
    const tag = header.readUInt32BE(16);
    for (const reply of this.#script.answer(request)) this.send(reply, tag);
  }

  #login(header: Buffer, data: Buffer): void {
    for (const [key, value] of decodeText(data)) this.#target.loginKeys.set(key, value);
    const flags = header.readUInt8(1);
    const operational = ((flags >> 2) & 3) === 1;
    this.#fullFeature = operational && (this.#script.loginStatus ?? 0) === 0;
    const keys = operational ? (this.#script.keys ?? []) : [["AuthMethod", "None"] as const];
    const fields: [number, number, number][] = [
      [8, 6, header.readUIntBE(8, 6)],
      [14, 2, operational ? 7 : 0],
      [36, 2, this.#script.loginStatus ?? 0],
    ];
    this.send({ opcode: TARGET_OPCODES.loginResponse, flags, fields, data: encodeText(keys) }, 0);
  }
}

/** Listens on a free port of the loopback interface until closed. */
export const startScriptedTarget = async (script: Script): Promise<ScriptedTarget> => {
  const requests: Request[] = [];
  const loginKeys = new Map<string, string>();
  const peers: Peer[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    peers.push(new Peer(socket, script, { requests, loginKeys }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server's address is never a path
  const { port } = server.address() as AddressInfo;
  return {
    port,
    requests,
    loginKeys,
    push: (reply) => peers.at(-1)?.send(reply, RESERVED_TAG),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};

/** A SCSI Response. */
export const scsiResponse = (status: number, sense: Uint8Array = Buffer.alloc(0)): Reply => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(sense.byteLength);
  return {
    opcode: TARGET_OPCODES.scsiResponse,
    fields: [[3, 1, status]],
    data: sense.byteLength === 0 ? Buffer.alloc(0) : Buffer.concat([length, sense]),
  };
};

/** A Data-In; with `status` it ends the command. */
export const dataIn = (
  dataSN: number,
  offset: number,
  data: Uint8Array,
  status?: number,
): Reply => ({
  opcode: TARGET_OPCODES.dataIn,
  flags: status === undefined ? 0x00 : 0x81,
  withoutStatus: status === undefined,
  fields: [
    [3, 1, status ?? 0],
    [36, 4, dataSN],
    [40, 4, offset],
  ],
  data,
});

export const r2t = (r2tSN: number, offset: number, length: number): Reply => ({
  opcode: TARGET_OPCODES.r2t,
  withoutStatus: true,
  fields: [
    [20, 4, 0x1234],
    [36, 4, r2tSN],
    [40, 4, offset],
    [44, 4, length],
  ],
});
