/**
 * Test only: the target with a device behind it and two connections in front of it, on which a conversation is played. Time
 * is a number, and what would be a turn of the event loop is a microtask, so that a conversation takes microseconds.
 */
import type { Connection, ConnectionPort } from "../connection.ts";
import type { SessionInfo } from "../observer.ts";
import { noDigests, type RawPdu } from "../pdu/codec.ts";
import { joinViews } from "../pdu/data-segment.ts";
import { Parser } from "../pdu/parser.ts";
import { decodeTargetPdu, type TargetPdu } from "../pdu/pdus.ts";
import { ProtocolError } from "../protocol-error.ts";
import { IscsiTarget } from "../target.ts";
import { SlabCount } from "../testdata-runner/wire.ts";
import { FuzzDevice } from "./fuzz-device.ts";
import { Judge } from "./judge.ts";
import type { Step, World } from "./steps.ts";

export const TARGET_NAME = "iqn.2026-11.io.reelhouse:gw1-tapedrive-01";
export const OTHER_NAME = "iqn.2026-11.io.reelhouse:gw1-mediachanger";
export const CHAP_NAME = "fuzz";
export const CHAP_SECRET = "a secret of the fuzzer";
export const MUTUAL_SECRET = "another one of the target";
export const CONNECTIONS = 2;
/** Small, so that conversations of a few dozen PDUs reach them. */
const limits = {
  maxRecvDataSegmentLength: 8192,
  firstBurstLength: 4096,
  maxBurstLength: 16_384,
  unconfirmedMax: 24,
  immediateCommandsMax: 4,
  connectionsMax: 3,
  textBytesMax: 2048,
} as const;
const MICROTURNS = 6;
const DATA_BYTES_MAX = 2 ** 24;

/** One connection: what came on it, and how it stands. */
export interface Line {
  readonly connection: Connection;
  readonly judge: Judge;
  /** What came since the initiator last looked. */
  readonly inbox: TargetPdu[];
  info: SessionInfo | undefined;
  open: boolean;
}

export class Stage {
  readonly device = new FuzzDevice();
  readonly slabs = new SlabCount();
  readonly target: IscsiTarget;
  readonly lines: (Line | undefined)[] = [];
  readonly faults: string[] = [];
  /** What the target said of the conversation, digits taken out: what makes one interesting. */
  readonly outcomes = new Set<string>();
  /** False once a stream lost its beat: then we cannot know which PDUs the target sees. */
  inStep = true;
  #nowMs = 0;
  #opened = 0;

  constructor(world: World) {
    const redirect = { address: "192.0.2.9:3260", permanent: false };
    this.target = new IscsiTarget({
      targets: () => [
        { name: TARGET_NAME, alias: "drive" },
        { name: OTHER_NAME, ...(world.moved && { redirect }) },
      ],
      scsiTarget: () => this.device,
      commandWindow: () => world.window,
      limits,
      authenticator: {
        credentials: () => (world.chap ? credentials : undefined),
        mayUse: (initiatorName) => !initiatorName.endsWith("stranger"),
        exclusive: () => world.exclusive,
        randomBytes: (count) => new Uint8Array(count).fill(0x5a),
      },
      observer: {
        loginRefused: ({ status, detail }) => this.#outcome(`refused ${status}: ${detail}`),
        protocolError: ({ reason, detail }) => this.#outcome(`${reason}: ${detail}`),
        sessionStarted: (info) => this.#started(info),
        sessionEnded: (_info, reason) => this.#outcome(`ended: ${reason}`),
      },
    });
  }

  /** The connection of that number, opened when it is not. */
  line(on: number): Line {
    const known = this.lines[on];
    if (known?.open === true) return known;
    const inbox: TargetPdu[] = [];
    const judge = new Judge(this.device);
    this.#opened += 1;
    const port = this.#port(on, this.#opened);
    const line: Line = {
      connection: this.target.accept(port),
      judge,
      inbox,
      info: undefined,
      open: true,
    };
    this.lines[on] = line;
    return line;
  }

  /** Takes one step; all that follows from it has happened when the promise is done. */
  async take(step: Step): Promise<void> {
    try {
      this.#take(step);
    } catch (error) {
      this.faults.push(`thrown: ${error instanceof Error ? (error.stack ?? "") : String(error)}`);
    }
    for (let turn = 0; turn < MICROTURNS; turn += 1) await Promise.resolve();
  }

  #take(step: Step): void {
    if (step.kind === "send") return this.#send(this.line(step.on), step.bytes, step.cut);
    if (step.kind === "letGo") return this.device.letGo(step.all);
    if (step.kind === "drain") return this.target.drain();
    if (step.kind === "lose") return this.#lose(step.on);
    this.#nowMs += step.ms;
    return this.target.tick(this.#nowMs);
  }

  #send(line: Line, bytes: Uint8Array, cut: number): void {
    line.judge.sent(bytes.slice(0, 48));
    const size = cut === 0 ? bytes.byteLength : cut;
    for (let offset = 0; offset < bytes.byteLength; offset += size) {
      // A Buffer, as a socket lends: its slice would be a view.
      const chunk = Buffer.from(bytes.subarray(offset, offset + size));
      const owner = this.slabs.lend(chunk);
      line.connection.receive(chunk, owner);
      owner.done();
    }
  }

  #lose(on: number): void {
    const line = this.lines[on];
    if (line?.open !== true) return;
    line.open = false;
    line.connection.closed();
  }

  #started(info: SessionInfo): void {
    this.#outcome(`started ${info.sessionType}`);
    const line = this.lines[Number(info.remoteAddress.split(" ")[0])];
    if (line === undefined) return;
    line.info = info;
    line.judge.session = this.target.session(info.tsih);
  }

  #outcome(text: string): void {
    this.outcomes.add(plain(text));
  }

  #port(on: number, opened: number): ConnectionPort {
    const lineOf = (): Line | undefined => this.lines[on];
    const parser = new Parser(
      {
        pdu: (raw) => this.#judge(lineOf(), raw, raw.dataDigestOk),
        broken: (error) => void this.faults.push(`the target sent: ${error.detail}`),
      },
      DATA_BYTES_MAX,
    );
    let closed = false;
    return {
      localAddress: "192.0.2.1:3260",
      remoteAddress: `${on} ${opened}`,
      source: String(on),
      portalGroupTag: 1,
      announced: [{ address: "192.0.2.1:3260", portalGroupTag: 1 }],
      send: (views, sent) => {
        if (closed) this.faults.push("bytes were sent after the close");
        const { info } = lineOf() ?? {};
        parser.digests =
          info === undefined
            ? noDigests
            : { header: info.parameters.headerDigest, data: info.parameters.dataDigest };
        parser.push(joinViews(views), { retain: () => {}, release: () => {} });
        if (sent !== undefined) queueMicrotask(sent);
      },
      isHeldBack: () => false,
      isTaking: () => false,
      close: () => {
        if (closed) this.faults.push("closed twice");
        closed = true;
        const line = lineOf();
        queueMicrotask(() => {
          if (line?.open !== true) return;
          line.open = false;
          line.connection.closed();
        });
      },
    };
  }

  #judge(line: Line | undefined, raw: RawPdu, digestOk: boolean): void {
    const pdu = decodeTargetPdu(raw);
    if (pdu instanceof ProtocolError || !digestOk) {
      this.faults.push(pdu instanceof ProtocolError ? pdu.detail : "a bad data digest");
      return;
    }
    if (line === undefined) return;
    line.judge.inStep = this.inStep;
    const fault = line.judge.pdu(pdu, raw);
    if (fault !== undefined) this.faults.push(`${pdu.kind}: ${fault}`);
    this.#outcome(`${pdu.kind} ${pdu.kind === "ScsiResponse" ? pdu.status : ""}`);
    line.inbox.push(pdu);
  }
}

/** An outcome without what differs from conversation to conversation: numbers, and what the initiator wrote. */
const plain = (text: string): string =>
  text
    .replace(/there is no target.*/s, "there is no target")
    .replace(/: \S+ is not for this/, ": a target is not for this")
    .replace(/(AuthMethod|CHAP_A) of .* is/, "$1 of the list is")
    .replace(/(key|name) .* (has|was|is) /, "$1 $2 ")
    .replace(/opcode 0x\w+/, "opcode N")
    .replaceAll(/\d+/g, "N")
    .trim();

const credentials = {
  initiatorSecret: (name: string) => (name === CHAP_NAME ? Buffer.from(CHAP_SECRET) : undefined),
  target: { chapName: "reelhouse", secret: Buffer.from(MUTUAL_SECRET) },
};
