/** One TCP connection to a target: PDUs out with padding and digests, PDUs in through a reader. No session logic. */
import { crc32c } from "@node-rs/crc32";
import { connect, type Socket } from "node:net";
import { IscsiError } from "./errors.ts";
import { PduReader } from "./pdu-reader.ts";

/** A PDU on its way out, for a test to change. */
export interface OutgoingPdu {
  readonly header: Buffer;
  readonly data: Uint8Array | undefined;
  /** Send a digest that is wrong, when the connection has digests. */
  readonly breakHeaderDigest?: boolean;
  readonly breakDataDigest?: boolean;
}

/** Called for every PDU before digests are made; answers what to send instead, or undefined for nothing at all. */
export type Tamper = (pdu: OutgoingPdu) => OutgoingPdu | undefined;

export interface TransportOptions {
  readonly host: string;
  readonly port: number;
  /** The MaxRecvDataSegmentLength we will declare. */
  readonly receiveDataLengthMax: number;
  readonly connectTimeoutMs?: number;
  readonly tamper?: Tamper | undefined;
}

export interface TransportHandler {
  place(bhs: Buffer): Buffer | undefined;
  pdu(bhs: Buffer, data: Buffer): void;
  closed(error: IscsiError): void;
}

/** One receive buffer a connection, used again for every read: fresh pages would cost more than the copy out of it. */
const RECEIVE_BUFFER_BYTES = 1024 * 1024;
const CONNECT_TIMEOUT_MS = 10_000;
const PADDING = Buffer.alloc(3);

const digestBytes = (value: number, broken: boolean | undefined): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE((broken === true ? ~value : value) >>> 0);
  return bytes;
};

const nobody: TransportHandler = { place: () => undefined, pdu: () => {}, closed: () => {} };

export class Transport {
  headerDigest = false;
  dataDigest = false;
  handler: TransportHandler = nobody;
  readonly #socket: Socket;
  readonly #reader: PduReader;
  readonly #tamper: Tamper | undefined;
  #error: IscsiError | undefined;

  private constructor(options: TransportOptions) {
    this.#tamper = options.tamper;
    const sink = {
      place: (bhs: Buffer) => this.handler.place(bhs),
      pdu: (bhs: Buffer, data: Buffer) => this.handler.pdu(bhs, data),
    };
    this.#reader = new PduReader(sink, options.receiveDataLengthMax);
    const buffer = Buffer.alloc(RECEIVE_BUFFER_BYTES);
    this.#socket = connect({
      host: options.host,
      port: options.port,
      noDelay: true,
      onread: { buffer, callback: (count) => this.#received(buffer.subarray(0, count)) },
    });
    this.#socket.on("error", (cause) => this.fail(new IscsiError("closed", cause.message)));
    this.#socket.on("close", () => this.fail(new IscsiError("closed", "the connection ended")));
  }

  static async connect(options: TransportOptions): Promise<Transport> {
    const transport = new Transport(options);
    const timeoutMs = options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => transport.fail(new IscsiError("timeout", `no connection in ${timeoutMs} ms`)),
        timeoutMs,
      );
      transport.#socket.once("connect", () => {
        clearTimeout(timer);
        resolve();
      });
      transport.handler = {
        ...nobody,
        closed: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
    });
    transport.handler = nobody;
    return transport;
  }

  /** Why the connection is over; undefined while it is up. */
  get error(): IscsiError | undefined {
    return this.#error;
  }

  /** Digests hold from here on, in both directions (after the login). */
  useDigests(headerDigest: boolean, dataDigest: boolean): void {
    this.headerDigest = headerDigest;
    this.dataDigest = dataDigest;
    this.#reader.headerDigest = headerDigest;
    this.#reader.dataDigest = dataDigest;
  }

  /** Sends one PDU; `header` names the length of `data`. */
  send(header: Buffer, data?: Uint8Array): void {
    const pdu = { header, data };
    const altered = this.#tamper === undefined ? pdu : this.#tamper(pdu);
    if (altered !== undefined) this.#write(altered);
  }

  /** Sends bytes as they are. For tests that misbehave. */
  sendRaw(bytes: Uint8Array): void {
    if (this.#error === undefined) this.#socket.write(bytes);
  }

  /** Cuts the connection with a reset, as a power failure of the host looks to the target. */
  cut(): void {
    this.#socket.resetAndDestroy();
    this.fail(new IscsiError("closed", "cut by the initiator"));
  }

  /** Ends the connection in order. */
  end(): void {
    this.#socket.end();
    this.fail(new IscsiError("closed", "ended by the initiator"));
  }

  fail(error: IscsiError): void {
    if (this.#error !== undefined) return;
    this.#error = error;
    if (error.message !== "ended by the initiator") this.#socket.destroy();
    this.handler.closed(error);
  }

  #write({ header, data, breakHeaderDigest, breakDataDigest }: OutgoingPdu): void {
    if (this.#error !== undefined) return;
    const socket = this.#socket;
    socket.cork();
    socket.write(header);
    if (this.headerDigest) socket.write(digestBytes(crc32c(header), breakHeaderDigest));
    if (data !== undefined && data.byteLength > 0) {
      const padding = PADDING.subarray(0, -data.byteLength & 3);
      socket.write(data);
      if (padding.length > 0) socket.write(padding);
      if (this.dataDigest)
        socket.write(digestBytes(crc32c(padding, crc32c(data)), breakDataDigest));
    }
    socket.uncork();
  }

  #received(bytes: Buffer): boolean {
    if (this.#error !== undefined) return true;
    try {
      this.#reader.feed(bytes);
    } catch (error) {
      if (!(error instanceof IscsiError)) throw error;
      this.fail(error);
    }
    return true;
  }
}
