/** What tape drives and changers share (SPC-5): a logical unit of a session, and a CHECK CONDITION as an exception. */
import type { CommandOptions, CommandResult } from "./initiator/command-task.ts";
import { SCSI_STATUS } from "./initiator/opcodes.ts";
import { describeSense, senseKeyName, type SENSE_KEYS } from "./initiator/sense.ts";
import type { Session } from "./initiator/session.ts";

/** A command that did not end as the caller needed. */
export class ScsiError extends Error {
  override readonly name = "ScsiError";
  readonly command: string;
  readonly result: CommandResult;

  constructor(command: string, result: CommandResult) {
    const sense = result.sense === undefined ? "" : `, ${describeSense(result.sense)}`;
    super(`${command}: status 0x${result.status.toString(16).padStart(2, "0")}${sense}`);
    this.command = command;
    this.result = result;
  }
}

/** True for CHECK CONDITION with that sense key. */
export const hasSenseKey = (result: CommandResult, key: (typeof SENSE_KEYS)[number]): boolean =>
  result.status === SCSI_STATUS.checkCondition &&
  result.sense !== undefined &&
  senseKeyName(result.sense) === key;

export interface InquiryData {
  readonly peripheralDeviceType: number;
  readonly vendor: string;
  readonly product: string;
  readonly revision: string;
  readonly removable: boolean;
  readonly bytes: Buffer;
}

/** ADDITIONAL SENSE bytes and reserve pages are short: what any of our inquiries returns fits. */
const INQUIRY_BYTES_MAX = 1024;
const VPD_UNIT_SERIAL_NUMBER = 0x80;
/** A logical unit queues several unit attentions at most; more mean that they never end. */
const UNIT_ATTENTIONS_MAX = 16;
const BUSY_WAIT_MS = 200;

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export class ScsiDevice {
  readonly session: Session;
  readonly lun: number;

  constructor(session: Session, lun = 0) {
    this.session = session;
    this.lun = lun;
  }

  /** Runs a command and gives its result whatever the status. */
  raw(cdb: readonly number[] | Uint8Array, options: CommandOptions = {}): Promise<CommandResult> {
    return this.session.command(Uint8Array.from(cdb), { lun: this.lun, ...options });
  }

  /** Runs a command that must end GOOD. Throws ScsiError. */
  async good(
    name: string,
    cdb: readonly number[] | Uint8Array,
    options: CommandOptions = {},
  ): Promise<CommandResult> {
    const result = await this.raw(cdb, options);
    if (result.status !== SCSI_STATUS.good) throw new ScsiError(name, result);
    return result;
  }

  testUnitReady(): Promise<CommandResult> {
    return this.raw([0x00, 0, 0, 0, 0, 0]);
  }

  /** Reads pending unit attentions away; answers the first result that is none. */
  async clearUnitAttentions(): Promise<CommandResult> {
    for (let count = 0; count < UNIT_ATTENTIONS_MAX; count += 1) {
      const result = await this.testUnitReady();
      if (!hasSenseKey(result, "UNIT ATTENTION")) return result;
    }
    throw new Error(`still a unit attention after ${UNIT_ATTENTIONS_MAX}`);
  }

  /** Waits until TEST UNIT READY is GOOD. Throws ScsiError with the last answer when it does not come in time. */
  async waitUntilReady(timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const result = await this.clearUnitAttentions();
      if (result.status === SCSI_STATUS.good) return;
      if (Date.now() >= deadline) throw new ScsiError("TEST UNIT READY", result);
      await wait(BUSY_WAIT_MS);
    }
  }

  async inquiry(): Promise<InquiryData> {
    const { data } = await this.good("INQUIRY", [0x12, 0, 0, 0, 96, 0], { dataInLength: 96 });
    const text = (from: number, to: number) => data.toString("latin1", from, to).trimEnd();
    return {
      peripheralDeviceType: data.readUInt8(0) & 0x1f,
      removable: (data.readUInt8(1) & 0x80) !== 0,
      vendor: text(8, 16),
      product: text(16, 32),
      revision: text(32, 36),
      bytes: data,
    };
  }

  /** A vital product data page, header included. */
  async vitalProductData(page: number): Promise<Buffer> {
    const cdb = [0x12, 1, page, INQUIRY_BYTES_MAX >> 8, INQUIRY_BYTES_MAX & 0xff, 0];
    const { data } = await this.good("INQUIRY", cdb, { dataInLength: INQUIRY_BYTES_MAX });
    return data.subarray(0, 4 + data.readUInt16BE(2));
  }

  async serialNumber(): Promise<string> {
    const page = await this.vitalProductData(VPD_UNIT_SERIAL_NUMBER);
    return page.toString("latin1", 4).trim();
  }
}
