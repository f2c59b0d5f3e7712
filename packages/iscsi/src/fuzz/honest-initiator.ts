/**
 * Test only: an initiator that keeps the rules: it numbers its commands, sends the data it is asked for and confirms what it
 * got. What the fuzzer breaks, it breaks of this.
 */
import type { Parameters } from "../login/negotiation.ts";
import { TAG_NONE } from "../pdu/bhs.ts";
import type { RawPdu } from "../pdu/codec.ts";
import { dataOut } from "../pdu/data-out.ts";
import { dataSegmentOf } from "../pdu/data-segment.ts";
import { logoutRequest } from "../pdu/logout-request.ts";
import { nopOut } from "../pdu/nop-out.ts";
import type { TargetPdu } from "../pdu/pdus.ts";
import { scsiCommand } from "../pdu/scsi-command.ts";
import { snackRequest } from "../pdu/snack-request.ts";
import { taskManagementRequest } from "../pdu/task-management-request.ts";
import { textRequest } from "../pdu/text-request.ts";
import { serialAdd } from "../serial.ts";
import { behaviours, patternAt } from "./fuzz-device.ts";
import { loginOf } from "./honest-login.ts";
import type { Random } from "./random.ts";

/** Data that is still to be sent: unsolicited, or for an R2T. */
interface Owed {
  readonly tag: number;
  readonly transferTag: number;
  offset: number;
  readonly end: number;
  dataSN: number;
}

const NO_LUN = new Uint8Array(8);
const OTHER_LUN = Uint8Array.of(0, 1, 0, 0, 0, 0, 0, 0);
const LENGTH_MAX = 12_000;
const operations = Object.values(behaviours);
const isWrite = (operation: number): boolean =>
  operation === behaviours.write ||
  operation === behaviours.writeLater ||
  operation === behaviours.writeWhenLetGo;

function pattern(tag: number, offset: number, byteLength: number): Uint8Array {
  return Uint8Array.from({ length: byteLength }, (_, at) => patternAt(tag, offset + at));
}

export class HonestInitiator {
  readonly #random: Random;
  readonly #chap: boolean;
  #waiting: RawPdu[] = [];
  #owed: Owed[] = [];
  #tags: number[] = [];
  #nextTag = 0;
  #cmdSN: number;
  #expStatSN = 0;
  #text: { readonly tag: number; readonly transferTag: number } | undefined;

  constructor(random: Random, chap: boolean) {
    this.#random = random;
    this.#chap = chap;
    this.#cmdSN = random.oneIn(4) ? 0xffff_fffe : random.int(1000);
    this.#waiting = loginOf(random, chap, this.#cmdSN);
  }

  /** Reads what came. */
  hear(inbox: readonly TargetPdu[]): void {
    for (const pdu of inbox) {
      if (pdu.kind !== "R2T" && (pdu.kind !== "DataIn" || pdu.hasStatus))
        this.#expStatSN = serialAdd(pdu.statSN, 1);
      if (pdu.kind === "R2T")
        this.#owed.push({
          tag: pdu.initiatorTaskTag,
          transferTag: pdu.targetTransferTag,
          offset: pdu.bufferOffset,
          end: pdu.bufferOffset + pdu.desiredDataTransferLength,
          dataSN: 0,
        });
      if (pdu.kind === "TextResponse")
        this.#text = pdu.final
          ? undefined
          : { tag: pdu.initiatorTaskTag, transferTag: pdu.targetTransferTag };
    }
  }

  /** The next PDU: of the login until there is a session, then whatever comes to mind. */
  next(parameters: Parameters | undefined): RawPdu {
    if (parameters === undefined) {
      const pdu = this.#waiting.shift();
      if (pdu !== undefined) return pdu;
      this.#waiting = loginOf(this.#random, this.#chap, this.#cmdSN);
      return this.next(parameters);
    }
    if (this.#owed.length > 0 && !this.#random.oneIn(4)) return this.#data();
    return this.#random.pick(this.#choices)(parameters);
  }

  /** A ping that must be answered while the session lives. */
  ping(): RawPdu {
    return nopOut.encode({
      immediate: true,
      lun: NO_LUN,
      initiatorTaskTag: this.#tag(),
      targetTransferTag: TAG_NONE,
      cmdSN: this.#cmdSN,
      expStatSN: this.#expStatSN,
    });
  }

  readonly #choices = [
    (agreed: Parameters) => this.#command(agreed),
    (agreed: Parameters) => this.#command(agreed),
    (agreed: Parameters) => this.#command(agreed),
    (agreed: Parameters) => this.#command(agreed),
    (agreed: Parameters) => this.#command(agreed),
    () => this.ping(),
    () => this.#noise(),
    () => this.#management(),
    () => this.#textRequest(),
    () => this.#rare(),
  ] as const;

  #rare(): RawPdu {
    if (this.#random.oneIn(3)) return this.#snack();
    return this.#random.oneIn(6) ? this.#logout() : this.#noise();
  }

  #tag(): number {
    // Few of them, so that they meet each other.
    this.#nextTag = (this.#nextTag + 1) % 64;
    return this.#nextTag;
  }

  /** CmdSN of a command: an immediate one does not use it up. */
  #number(immediate: boolean): { cmdSN: number; expStatSN: number; immediate: boolean } {
    const cmdSN = this.#cmdSN;
    if (!immediate) this.#cmdSN = serialAdd(cmdSN, 1);
    return { cmdSN, expStatSN: this.#expStatSN, immediate };
  }

  #command(agreed: Parameters): RawPdu {
    const random = this.#random;
    const operation = random.anyOf(operations) ?? 0;
    const write = isWrite(operation);
    const read = !write && operation !== behaviours.atOnce;
    const length = random.oneIn(6) ? 0 : random.int(LENGTH_MAX);
    const expected = write || read ? (random.oneIn(4) ? random.int(LENGTH_MAX) : length) : 0;
    const tag = this.#tag();
    this.#tags = [...this.#tags.slice(-8), tag];
    const unsolicited = Math.min(write ? expected : 0, agreed.firstBurstLength);
    const immediateBytes =
      agreed.immediateData && unsolicited > 0 && random.oneIn(2)
        ? Math.min(random.int(unsolicited + 1), 8192)
        : 0;
    const more = !agreed.initialR2T && immediateBytes < unsolicited && random.oneIn(2);
    if (more)
      this.#owed.push({
        tag,
        transferTag: TAG_NONE,
        offset: immediateBytes,
        end: unsolicited,
        dataSN: 0,
      });
    const cdb = new Uint8Array(16);
    cdb.set([operation, 0, length >> 16, (length >> 8) & 255, length & 255]);
    return scsiCommand.encode({
      ...this.#number(random.oneIn(12)),
      final: !more,
      read,
      write,
      attributes: random.int(4),
      lun: random.oneIn(12) ? OTHER_LUN : NO_LUN,
      initiatorTaskTag: tag,
      expectedDataTransferLength: expected,
      cdb,
      data: dataSegmentOf(pattern(tag, 0, immediateBytes)),
    });
  }

  #data(): RawPdu {
    const owed = this.#owed[0];
    if (owed === undefined) return this.#noise();
    const byteLength = Math.min(owed.end - owed.offset, 1 + this.#random.int(8192));
    const final = owed.offset + byteLength === owed.end;
    const pdu = dataOut.encode({
      final,
      lun: NO_LUN,
      initiatorTaskTag: owed.tag,
      targetTransferTag: owed.transferTag,
      expStatSN: this.#expStatSN,
      dataSN: owed.dataSN,
      bufferOffset: owed.offset,
      data: dataSegmentOf(pattern(owed.tag, owed.offset, byteLength)),
    });
    owed.offset += byteLength;
    owed.dataSN += 1;
    if (final) this.#owed.shift();
    return pdu;
  }

  /** Only brings ExpStatSN (RFC 7143 11.18). */
  #noise(): RawPdu {
    return nopOut.encode({
      ...this.#number(true),
      lun: NO_LUN,
      initiatorTaskTag: TAG_NONE,
      targetTransferTag: TAG_NONE,
    });
  }

  #management(): RawPdu {
    const random = this.#random;
    return taskManagementRequest.encode({
      ...this.#number(random.oneIn(2)),
      // A cold reset now and then only: it ends the sessions.
      function: random.oneIn(20) ? 7 : 1 + random.int(6),
      lun: random.oneIn(8) ? OTHER_LUN : NO_LUN,
      initiatorTaskTag: this.#tag(),
      referencedTaskTag: random.anyOf(this.#tags) ?? 0,
      refCmdSN: this.#cmdSN,
      expDataSN: 0,
    });
  }

  #textRequest(): RawPdu {
    const random = this.#random;
    const text = this.#text;
    const asked = random.pick(["SendTargets=All", "SendTargets=", "MaxRecvDataSegmentLength=1024"]);
    return textRequest.encode({
      ...this.#number(random.oneIn(2)),
      final: true,
      continue: false,
      lun: NO_LUN,
      initiatorTaskTag: text?.tag ?? this.#tag(),
      targetTransferTag: text?.transferTag ?? TAG_NONE,
      data: dataSegmentOf(
        new TextEncoder().encode(text === undefined || random.oneIn(4) ? `${asked}\0` : ""),
      ),
    });
  }

  #snack(): RawPdu {
    const random = this.#random;
    const status = random.oneIn(2);
    return snackRequest.encode({
      type: status ? 1 : random.int(4),
      lun: NO_LUN,
      initiatorTaskTag: status ? TAG_NONE : (random.anyOf(this.#tags) ?? 0),
      targetTransferTag: TAG_NONE,
      expStatSN: serialAdd(this.#expStatSN, -random.int(3)),
      begRun: status ? serialAdd(this.#expStatSN, -random.int(4)) : random.int(3),
      runLength: random.int(3),
    });
  }

  #logout(): RawPdu {
    return logoutRequest.encode({
      ...this.#number(true),
      reasonCode: this.#random.int(3),
      initiatorTaskTag: this.#tag(),
      cid: this.#random.oneIn(6) ? 9 : 1,
    });
  }
}
