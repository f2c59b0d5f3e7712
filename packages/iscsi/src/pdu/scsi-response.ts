/** SCSI Response (RFC 7143 11.4). Its data segment is SenseLength, the sense data, and nothing more. */
import { targetOpcodes } from "./bhs.ts";
import { definePdu } from "./codec.ts";
import { type DataSegment, dataSegmentOf, joinViews } from "./data-segment.ts";
import { flag, uint16, uint32, uint8 } from "./fields.ts";

export const scsiResponse = definePdu({
  kind: "ScsiResponse",
  opcode: targetOpcodes.ScsiResponse,
  hasData: true,
  ones: [[1, 0x80]],
  fields: {
    bidirectionalReadResidualOverflow: flag(1, 4),
    bidirectionalReadResidualUnderflow: flag(1, 3),
    residualOverflow: flag(1, 2),
    residualUnderflow: flag(1, 1),
    response: uint8(2),
    status: uint8(3),
    initiatorTaskTag: uint32(16),
    snackTag: uint32(20),
    statSN: uint32(24),
    expCmdSN: uint32(28),
    maxCmdSN: uint32(32),
    expDataSN: uint32(36),
    bidirectionalReadResidualCount: uint32(40),
    residualCount: uint32(44),
  },
});

const SENSE_LENGTH_BYTES = 2;
const senseLength = uint16(0);

/** The data segment that carries sense data (RFC 7143 11.4.7). */
export function senseSegment(sense: Uint8Array | undefined): DataSegment {
  if (sense === undefined || sense.byteLength === 0) return dataSegmentOf();
  const length = new Uint8Array(SENSE_LENGTH_BYTES);
  senseLength.write(length, sense.byteLength);
  return dataSegmentOf(length, sense);
}

/** The sense data in a SCSI Response's data segment; undefined when there is none. */
export function readSense(data: DataSegment): Uint8Array | undefined {
  if (data.byteLength < SENSE_LENGTH_BYTES) return undefined;
  const segment = joinViews(data.views);
  const end = SENSE_LENGTH_BYTES + senseLength.read(segment);
  return segment.subarray(SENSE_LENGTH_BYTES, end);
}
