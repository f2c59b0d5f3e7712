/**
 * Test only: runs a transcript of testdata/ and writes it anew.
 *
 *   # a remark                     > PDU …   connection 1 sends; 2> and 3> are others
 *   ! order VALUE …                < PDU …   what the target sent        = what the device or the observer saw
 *
 * Lines with < and = are results: the runner drops them and writes what really happened. The test compares.
 * Orders: `login [N] ["Key=value" …]` a usual login to full feature phase; `window N`; `tick MS`; `drain`;
 * `chap NAME SECRET [OUR-NAME OUR-SECRET]`; `allow INITIATOR`; `exclusive`; `group N TAG` (the portal group to which connection N comes); `moved ADDRESS [permanently]`; `letgo ITT`; `lose N` (the transport of connection N breaks); `chunks BYTES`; `digests header|data …`;
 * `taking yes|no` (whether initiators are slowly taking an answer).
 */
import assert from "node:assert/strict";
import type { ChapCredentials } from "../login/authentication.ts";
import type { TargetPdu } from "../pdu/pdus.ts";
import { IscsiTarget } from "../target.ts";
import { Device } from "./device.ts";
import { formatPdu, parseLine } from "./lines.ts";
import { SlabCount, settled, Wire } from "./wire.ts";

export const TARGET_NAME = "iqn.2026-11.io.reelhouse:gw1-tapedrive-01";
export const CHANGER_NAME = "iqn.2026-11.io.reelhouse:gw1-mediachanger";
const INITIATOR = '"InitiatorName=iqn.2026-11.org.example:backup"';
const FIRST_CMDSN = 100;

const WITH_CMDSN = new Set([
  "NopOut",
  "ScsiCommand",
  "TaskManagementRequest",
  "TextRequest",
  "LogoutRequest",
]);

export class Transcript {
  readonly slabs = new SlabCount();
  readonly device: Device;
  readonly #out: string[] = [];
  readonly #wires = new Map<number, Wire>();
  readonly #groups = new Map<number, number>();
  readonly #cmdSNs = new Map<number, number>();
  readonly #target: IscsiTarget;
  #window = 4;
  #credentials: ChapCredentials | undefined;
  #allowed: string | undefined;
  #exclusive = false;
  #redirect: { readonly address: string; readonly permanent: boolean } | undefined;

  constructor() {
    const say = (line: string): void => void this.#out.push(`= ${line}`);
    this.device = new Device(say);
    this.#target = new IscsiTarget({
      targets: () => [
        { name: TARGET_NAME, alias: "drive 1", redirect: this.#redirect },
        { name: CHANGER_NAME },
      ],
      scsiTarget: () => this.device,
      commandWindow: () => this.#window,
      authenticator: {
        credentials: () => this.#credentials,
        mayUse: (initiatorName) => this.#allowed === undefined || initiatorName === this.#allowed,
        // The same each time, so that a transcript can hold the response.
        exclusive: () => this.#exclusive,
        randomBytes: (count) => new Uint8Array(count).fill(0x5a),
      },
      observer: {
        loginRefused: ({ status, detail }) => say(`login refused: ${status}: ${detail}`),
        sessionEnded: (_session, reason) => say(`session ended: ${reason}`),
        protocolError: ({ reason, detail }) => say(`protocol error: ${reason}: ${detail}`),
      },
    });
  }

  /** The transcript with its results as they are now. */
  async run(text: string): Promise<string> {
    for (const line of text.trimEnd().split("\n")) {
      if (/^\d*<|^=/.test(line)) continue;
      this.#out.push(line);
      this.#step(line);
      await settled();
    }
    return `${this.#out.join("\n")}\n`;
  }

  /** Breaks all transports, and checks that everything lent has come back. */
  async end(): Promise<void> {
    for (const wire of this.#wires.values()) wire.connection.closed();
    await settled();
    assert.equal(this.#target.sessions.length, 0, "sessions are left");
    assert.equal(this.#target.connectionCount, 0, "connections are left");
    assert.equal(this.device.dataInLent, 0, "Data-In was not released");
    assert.equal(this.slabs.lent, 0, "slabs were not released");
  }

  #wire(number: number): Wire {
    const known = this.#wires.get(number);
    if (known !== undefined) return known;
    const prefix = number === 1 ? "<" : `${number}<`;
    const say = (pdu: TargetPdu): void => void this.#out.push(`${prefix} ${formatPdu(pdu)}`);
    const wire = new Wire(this.#target, this.slabs, say, {
      portalGroupTag: this.#groups.get(number) ?? 1,
    });
    wire.onClose = (reason) => void this.#out.push(`= connection ${number} closed: ${reason}`);
    this.#wires.set(number, wire);
    return wire;
  }

  #send(number: number, line: string): void {
    const wire = this.#wire(number);
    const cmdSN = this.#cmdSNs.get(number) ?? FIRST_CMDSN;
    const defaults = { cmdSN, ttt: 0xffffffff, isid: "800000000001", cid: 1 };
    const { kind, raw, damage } = parseLine(line, defaults);
    const explicit = / cmdSN=/.test(line);
    if (WITH_CMDSN.has(kind) && !explicit && !/ immediate/.test(line))
      this.#cmdSNs.set(number, cmdSN + 1);
    wire.send(raw, damage);
  }

  #step(line: string): void {
    const sent = /^(\d*)> (.*)$/.exec(line);
    if (sent !== null) return this.#send(Number(sent[1] || 1), sent[2] ?? "");
    const order = /^! (\w+) ?(.*)$/.exec(line);
    if (order !== null) return this.#order(order[1] ?? "", order[2] ?? "");
    assert(line === "" || line.startsWith("#"), `what is this line: ${line}`);
    return undefined;
  }

  #login(rest: string): void {
    const [, number, keys] = /^(\d*) ?(.*)$/.exec(rest) ?? [];
    const names = `${INITIATOR} "TargetName=${TARGET_NAME}"`;
    this.#send(Number(number || 1), `LoginRequest transit csg=1 nsg=3 ${names} ${keys}`);
  }

  #chap(rest: string): void {
    const [chapName = "", secret = "", targetName, targetSecret = ""] = rest.split(" ");
    this.#credentials = {
      initiatorSecret: (claimed) => (claimed === chapName ? Buffer.from(secret) : undefined),
      ...(targetName !== undefined && {
        target: { chapName: targetName, secret: Buffer.from(targetSecret) },
      }),
    };
  }

  #moved(rest: string): void {
    const [address = "", permanent] = rest.split(" ");
    this.#redirect = address === "" ? undefined : { address, permanent: permanent !== undefined };
  }

  #order(name: string, rest: string): void {
    const orders: Readonly<Record<string, () => void>> = {
      login: () => this.#login(rest),
      chap: () => this.#chap(rest),
      allow: () => (this.#allowed = rest),
      group: () => {
        const [wire = 0, tag = 0] = rest.split(" ").map(Number);
        this.#groups.set(wire, tag);
      },
      moved: () => this.#moved(rest),
      exclusive: () => (this.#exclusive = true),
      window: () => (this.#window = Number(rest)),
      tick: () => this.#target.tick(Number(rest)),
      drain: () => this.#target.drain(),
      letgo: () => this.device.letGo(Number(rest)),
      lose: () => this.#wire(Number(rest)).connection.closed(),
      chunks: () => (this.#wire(1).chunkBytes = Number(rest)),
      taking: () => {
        for (const wire of this.#wires.values()) wire.taking = rest === "yes";
      },
      digests: () =>
        (this.#wire(1).digests = { header: rest.includes("header"), data: rest.includes("data") }),
    };
    const run = orders[name];
    assert(run !== undefined, `no order is called ${name}`);
    run();
  }
}
