/** SCSI Command (RFC 7143 11.3), with its two additional header segments (11.2.2). */
import { ProtocolError } from "../protocol-error.ts";
import { bhsFields, initiatorOpcodes, padBytes, TAG_NONE } from "./bhs.ts";
import { definePdu, type PduInput, type PduOf, type RawPdu } from "./codec.ts";
import { joinViews } from "./data-segment.ts";
import { bits, bytes, copyOf, flag, uint16, uint32, uint8 } from "./fields.ts";

const CDB_BYTES = 16;
/** SPC-5 4.2.3: a variable length CDB has up to 260 bytes. */
const EXTENDED_CDB_BYTES_MAX = 260 - CDB_BYTES;

/** AHSType (RFC 7143 11.2.2.1). */
const ahsTypes = { extendedCdb: 1, bidirectionalReadLength: 2 } as const;
const ahsFields = { length: uint16(0), type: bits(2, 0, 6), specific: uint8(3) } as const;
const AHS_HEAD_BYTES = 3;
const BIDIRECTIONAL_AHS_LENGTH = 5;

/** Task attributes (RFC 7143 11.3.1) end with ACA. */
const ATTRIBUTES_MAX = 4;

const base = definePdu({
  kind: "ScsiCommand",
  opcode: initiatorOpcodes.ScsiCommand,
  hasData: true,
  hasAhs: true,
  fields: {
    final: flag(1, 7),
    read: flag(1, 6),
    write: flag(1, 5),
    attributes: bits(1, 0, 3),
    lun: bytes(8, 8),
    initiatorTaskTag: uint32(16),
    expectedDataTransferLength: uint32(20),
    cmdSN: uint32(24),
    expStatSN: uint32(28),
    cdb: bytes(32, CDB_BYTES),
  },
  check(pdu) {
    if (pdu.initiatorTaskTag === TAG_NONE) return "the Initiator Task Tag is the reserved value";
    if (pdu.attributes > ATTRIBUTES_MAX) return "the task attribute is reserved";
    if (!pdu.final && !pdu.write) return "F is clear in a command that sends no data";
    return undefined;
  },
});

/** The command; `cdb` has all its bytes, `bidirectionalReadDataLength` is set when R and W both are. */
export type ScsiCommand = PduOf<"ScsiCommand", typeof base.fields> & {
  readonly bidirectionalReadDataLength?: number;
};
type ScsiCommandInput = PduInput<typeof base.fields> & {
  readonly bidirectionalReadDataLength?: number;
};

interface Extension {
  cdb?: Uint8Array;
  bidirectionalReadDataLength?: number;
}

function decodeAhs(ahs: Uint8Array): Extension | string {
  const extension: Extension = {};
  let offset = 0;
  while (offset < ahs.byteLength) {
    const segment = ahs.subarray(offset);
    const length = ahsFields.length.read(segment);
    const end = AHS_HEAD_BYTES + length;
    if (length === 0 || end > segment.byteLength) return "an AHS is longer than TotalAHSLength";
    const type = ahsFields.type.read(segment);
    if (type === ahsTypes.extendedCdb) {
      if (length - 1 > EXTENDED_CDB_BYTES_MAX) return "the extended CDB is too long";
      extension.cdb = copyOf(segment.subarray(AHS_HEAD_BYTES + 1, end));
    } else if (type === ahsTypes.bidirectionalReadLength) {
      if (length !== BIDIRECTIONAL_AHS_LENGTH) return "AHSLength does not suit the AHSType";
      extension.bidirectionalReadDataLength = uint32(4).read(segment);
    } else {
      return "the AHSType is reserved";
    }
    offset += end + padBytes(end);
  }
  return extension;
}

function encodeAhs(type: number, content: Uint8Array): Uint8Array {
  const length = 1 + content.byteLength;
  const end = AHS_HEAD_BYTES + length;
  const ahs = new Uint8Array(end + padBytes(end));
  ahsFields.length.write(ahs, length);
  ahsFields.type.write(ahs, type);
  ahs.set(content, AHS_HEAD_BYTES + 1);
  return ahs;
}

export const scsiCommand = {
  ...base,
  decode(raw: RawPdu): ScsiCommand | ProtocolError {
    const command = base.decode(raw);
    if (command instanceof ProtocolError) return command;
    const extension = decodeAhs(raw.ahs);
    if (typeof extension === "string") return new ProtocolError("Invalid PDU Field", extension);
    const readLength = extension.bidirectionalReadDataLength;
    if ((readLength !== undefined) !== (command.read && command.write)) {
      const fault = "a bidirectional command and its read data length go together";
      return new ProtocolError("Invalid PDU Field", fault);
    }
    return {
      ...command,
      ...(extension.cdb && { cdb: joinViews([command.cdb, extension.cdb]) }),
      ...(readLength !== undefined && { bidirectionalReadDataLength: readLength }),
    };
  },
  encode(input: ScsiCommandInput): RawPdu {
    const raw = base.encode(input);
    const segments: Uint8Array[] = [];
    if (input.cdb.byteLength > CDB_BYTES) {
      segments.push(encodeAhs(ahsTypes.extendedCdb, input.cdb.subarray(CDB_BYTES)));
    }
    if (input.bidirectionalReadDataLength !== undefined) {
      const length = new Uint8Array(4);
      uint32(0).write(length, input.bidirectionalReadDataLength);
      segments.push(encodeAhs(ahsTypes.bidirectionalReadLength, length));
    }
    const ahs = joinViews(segments);
    bhsFields.totalAhsLength.write(raw.bhs, ahs.byteLength / 4);
    return { ...raw, ahs };
  },
};
