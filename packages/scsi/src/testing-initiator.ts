/** An application client for tests: sends CDBs as hex and reads the answers in the words of T10. */
import assert from "node:assert/strict";
import { readBe } from "./bytes.ts";
import { senseConditions } from "./sense.ts";
import type { Identity } from "./device.ts";
import { newTapeDrive } from "./ssc/new-tape-drive.ts";
import type { TapeDrive } from "./ssc/tape-drive.ts";
import { FakeMedium, type FakeOptions } from "./testing-medium.ts";
import type { Completion, DataOut, MaybePromise, Nexus, Task } from "./task.ts";

export interface Answer {
  readonly status: number;
  /** Name in the table of sense conditions; "GOOD" and so on when there is no sense. */
  readonly outcome: string;
  /** INFORMATION, signed; undefined when not VALID. */
  readonly information: number | undefined;
  readonly flags: string;
  readonly deferred: boolean;
  /** `cdb 2 bit 7`, `data 4`; undefined when the field pointer is not valid. */
  readonly field: string | undefined;
  readonly data: Uint8Array;
}

interface Executes {
  execute(task: Task): MaybePromise<Completion>;
}

const statusNames: Readonly<Record<number, string>> = {
  0x00: "GOOD",
  0x08: "BUSY",
  0x18: "RESERVATION CONFLICT",
  0x40: "TASK ABORTED",
};

export const testIdentity: Identity = {
  vendor: "IBM",
  product: "ULT3580-TD8",
  revision: "R001",
  serialNumber: "RH0000000001",
  naa: 0x3000_0000_0000_0001n,
  targetName: "iqn.2026-11.io.reelhouse:gw1-tapedrive-01",
  portalGroupTags: [1],
};

/** The CDB as the transport has it: 16 bytes. */
export function cdbOf(text: string): Uint8Array {
  const bytes = new Uint8Array(16);
  bytes.set(Buffer.from(text.replaceAll(" ", ""), "hex"));
  return bytes;
}

/** Data-Out in two views, so that nobody counts on one. */
export function dataOutOf(bytes: Uint8Array): DataOut & { readonly releases: () => number } {
  const half = bytes.length >> 1;
  let releases = 0;
  return {
    views: [bytes.subarray(0, half), bytes.subarray(half)],
    byteLength: bytes.length,
    release: () => {
      releases++;
      assert.equal(releases, 1, "Data-Out released more than once");
    },
    releases: () => releases,
  };
}

export class Initiator {
  readonly nexus: Nexus;
  readonly #unit: Executes;
  /** Data-Out buffers handed out, and not released so far. */
  dataOutHeld = 0;

  constructor(unit: Executes, name = "iqn.2026-11.test:a,i,0x1", portalGroupTag = 1) {
    this.#unit = unit;
    this.nexus = { initiatorPortName: name, portalGroupTag };
  }

  task(text: string, data: Uint8Array = new Uint8Array()): Task {
    return {
      nexus: this.nexus,
      cdb: cdbOf(text),
      expectedDataOutLength: data.length,
      expectedDataInLength: 1 << 24,
      aborted: false,
      receiveDataOut: (byteLength) => {
        const out = dataOutOf(data.subarray(0, byteLength));
        this.dataOutHeld++;
        return {
          ...out,
          release: () => {
            out.release();
            this.dataOutHeld--;
          },
        };
      },
    };
  }

  execute(text: string, data?: Uint8Array): MaybePromise<Completion> {
    return this.#unit.execute(this.task(text, data));
  }

  /** Sends a command and waits for the answer. */
  async send(text: string, data?: Uint8Array): Promise<Answer> {
    return answerOf(await this.execute(text, data));
  }

  /** Sends it and gives the outcome with everything else that was told, as one line. */
  async tell(text: string, data?: Uint8Array): Promise<string> {
    const { outcome, information, flags, field, deferred } = await this.send(text, data);
    return [
      deferred ? `deferred ${outcome}` : outcome,
      flags,
      information === undefined ? "" : `information ${information}`,
      field ?? "",
    ]
      .filter((part) => part !== "")
      .join(", ");
  }
}

/** Reads and releases a completion. */
export function answerOf({ status, sense, dataIn }: Completion): Answer {
  const data = dataIn === undefined ? new Uint8Array() : Buffer.concat([...dataIn.views]);
  dataIn?.release();
  if (sense === undefined) {
    const outcome = statusNames[status] ?? `status ${status}`;
    return {
      status,
      outcome,
      information: undefined,
      flags: "",
      deferred: false,
      field: undefined,
      data,
    };
  }
  return { status, data, ...decodeSense(sense) };
}

export function decodeSense(sense: Uint8Array): Omit<Answer, "status" | "data"> {
  const key = sense[2]! & 0x0f;
  const found = Object.entries(senseConditions).find(
    ([, row]) => row.key === key && row.asc === sense[12] && row.ascq === sense[13],
  );
  const valid = (sense[0]! & 0x80) !== 0;
  const flags = [
    [0x80, "FILEMARK"],
    [0x40, "EOM"],
    [0x20, "ILI"],
  ] as const;
  return {
    outcome: found?.[0] ?? "unknown sense",
    information: valid ? readBe(sense, 3, 4) | 0 : undefined,
    flags: flags
      .filter(([mask]) => (sense[2]! & mask) !== 0)
      .map(([, name]) => name)
      .join(" "),
    deferred: (sense[0]! & 0x7f) === 0x71,
    field: fieldPointer(sense),
  };
}

function fieldPointer(sense: Uint8Array): string | undefined {
  const specific = sense[15]!;
  if ((specific & 0x80) === 0) return undefined;
  const where = (specific & 0x40) === 0 ? "data" : "cdb";
  const bit = (specific & 0x08) === 0 ? "" : ` bit ${specific & 0x07}`;
  return `${where} ${readBe(sense, 16, 2)}${bit}`;
}

export interface Bench {
  readonly drive: TapeDrive;
  readonly medium: FakeMedium;
  readonly host: Initiator;
  readonly other: Initiator;
}

/** A drive with a medium in it and two initiators that have heard of the power on. */
export async function loadedDrive(
  options: FakeOptions = {},
  identity: Partial<Identity> = {},
): Promise<Bench> {
  const drive = newTapeDrive({ ...testIdentity, ...identity });
  const medium = new FakeMedium(options);
  assert.equal((await drive.load(medium)).kind, "loaded");
  const host = new Initiator(drive.logicalUnit);
  const other = new Initiator(drive.logicalUnit, "iqn.2026-11.test:b,i,0x1");
  for (const each of [host, other]) assert.equal(await each.tell("00"), "powerOn");
  return { drive, medium, host, other };
}

/** Bytes that differ from block to block. */
export function pattern(length: number, seed = 1): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 7 + seed * 31) & 0xff);
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
