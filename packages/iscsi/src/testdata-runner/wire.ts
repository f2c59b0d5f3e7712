/** Test only: one end of a connection to the target, as bytes. Counts the slabs it lends, and spoils them on return. */
import { type ConnectionPort } from "../connection.ts";
import { type Digests, noDigests, type RawPdu, toWire } from "../pdu/codec.ts";
import { joinViews, type SlabOwner } from "../pdu/data-segment.ts";
import { Parser } from "../pdu/parser.ts";
import { decodeTargetPdu, type TargetPdu } from "../pdu/pdus.ts";
import { ProtocolError } from "../protocol-error.ts";
import type { IscsiTarget } from "../target.ts";

/** A byte no test sends: seen in data, it means that a slab was read after its release. */
export const SPOILED = 0xdd;

/** Slabs lent to the target and not given back, over all wires of a test. */
export class SlabCount {
  lent = 0;

  lend(chunk: Uint8Array): SlabOwner & { done(): void } {
    let holders = 1;
    const release = (): void => {
      holders -= 1;
      this.lent -= 1;
      if (holders < 0) throw new Error("a slab was released too often");
      if (holders === 0) chunk.fill(SPOILED);
    };
    this.lent += 1;
    const retain = (): void => {
      if (holders === 0) throw new Error("a slab was retained after its release");
      holders += 1;
      this.lent += 1;
    };
    return { retain, release, done: release };
  }
}

/** What SendTargets names. */
const PORTALS = [
  { address: "192.0.2.1:3260", portalGroupTag: 1 },
  { address: "[2001:db8::1]:3260", portalGroupTag: 1 },
];

export class Wire {
  digests: Digests = noDigests;
  readonly received: TargetPdu[] = [];
  onClose: (reason: string) => void = () => {};
  closeReason: string | undefined;
  /** Of the portal to which it connects. */
  readonly portalGroupTag: number;
  /** Bytes in each of the chunks the target sees; unset, a PDU is one chunk. */
  chunkBytes: number | undefined;
  /** The host it comes from. */
  readonly source: string;
  /** The target is not read from. */
  heldBack = false;
  /** Whether its end takes an answer, slowly. */
  taking = false;
  readonly connection;
  readonly #slabs: SlabCount;
  readonly #parser: Parser;

  constructor(
    target: IscsiTarget,
    slabs: SlabCount,
    onPdu: (pdu: TargetPdu) => void = () => {},
    { portalGroupTag = 1, source = "192.0.2.2" } = {},
  ) {
    this.#slabs = slabs;
    this.portalGroupTag = portalGroupTag;
    this.source = source;
    this.#parser = new Parser(
      {
        pdu: (raw) => {
          const pdu = decodeTargetPdu(raw);
          if (pdu instanceof ProtocolError) throw new Error(pdu.detail);
          if (!raw.dataDigestOk) throw new Error("the target sent a bad data digest");
          this.received.push(pdu);
          onPdu(pdu);
        },
        broken: (error) => {
          throw new Error(error.detail);
        },
      },
      2 ** 24,
    );
    this.connection = target.accept(this.#port());
  }

  #port(): ConnectionPort {
    return {
      localAddress: "192.0.2.1:3260",
      remoteAddress: "192.0.2.2:50000",
      source: this.source,
      portalGroupTag: this.portalGroupTag,
      announced: PORTALS,
      send: (views, sent) => {
        this.#parser.digests = this.digests;
        this.#parser.push(joinViews(views), { retain: () => {}, release: () => {} });
        if (sent !== undefined) queueMicrotask(sent);
      },
      isHeldBack: () => this.heldBack,
      isTaking: () => this.taking,
      close: (reason) => {
        this.closeReason = reason;
        this.onClose(reason);
        setImmediate(() => this.connection.closed());
      },
    };
  }

  /** Sends a PDU, damaged in its header or its data if asked. */
  send(raw: RawPdu, damage?: "header" | "data"): void {
    const bytes = joinViews(toWire(raw, this.digests));
    if (damage === "header") bytes[47] = (bytes[47] ?? 0) ^ 1;
    if (damage === "data") bytes[bytes.byteLength - 5] = (bytes.at(-5) ?? 0) ^ 1;
    this.sendBytes(bytes);
  }

  sendBytes(bytes: Uint8Array): void {
    const step = this.chunkBytes ?? bytes.byteLength;
    for (let offset = 0; offset < bytes.byteLength; offset += step) {
      // A Buffer, as a socket lends: its slice would be a view.
      const chunk = Buffer.from(bytes.subarray(offset, offset + step));
      const owner = this.#slabs.lend(chunk);
      this.connection.receive(chunk, owner);
      owner.done();
    }
  }
}

/** Lets promises and callbacks run. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
