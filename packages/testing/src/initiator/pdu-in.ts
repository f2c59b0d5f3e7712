/** The PDUs a target sends (RFC 7143 11), decoded from a 48-byte header and its data segment into a union by `kind`. */
import { IscsiError } from "./errors.ts";
import { TARGET_OPCODES } from "./opcodes.ts";

/** Overflow and underflow bits with their count (11.4.5). */
export type ResidualKind = "none" | "overflow" | "underflow";

interface Windowed {
  readonly initiatorTaskTag: number;
  readonly statSN: number;
  readonly expCmdSN: number;
  readonly maxCmdSN: number;
}

export interface ScsiResponse extends Windowed {
  readonly kind: "scsiResponse";
  /** 0: command completed at target; 1: target failure. */
  readonly response: number;
  readonly status: number;
  readonly expDataSN: number;
  readonly residualKind: ResidualKind;
  readonly residualCount: number;
  readonly sense: Buffer;
}

export interface DataIn extends Windowed {
  readonly kind: "dataIn";
  readonly final: boolean;
  readonly acknowledge: boolean;
  /** S: status, StatSN and the residual are valid. */
  readonly hasStatus: boolean;
  readonly status: number;
  readonly targetTransferTag: number;
  readonly dataSN: number;
  readonly bufferOffset: number;
  readonly residualKind: ResidualKind;
  readonly residualCount: number;
  readonly dataLength: number;
}

export interface R2t extends Windowed {
  readonly kind: "r2t";
  readonly targetTransferTag: number;
  readonly r2tSN: number;
  readonly bufferOffset: number;
  readonly desiredDataTransferLength: number;
}

export interface TaskManagementResponse extends Windowed {
  readonly kind: "taskManagementResponse";
  readonly response: number;
}

export interface LoginResponse extends Windowed {
  readonly kind: "loginResponse";
  readonly transit: boolean;
  readonly continues: boolean;
  readonly currentStage: number;
  readonly nextStage: number;
  readonly tsih: number;
  readonly statusClass: number;
  readonly statusDetail: number;
  readonly data: Buffer;
}

export interface TextResponse extends Windowed {
  readonly kind: "textResponse";
  readonly final: boolean;
  readonly continues: boolean;
  readonly targetTransferTag: number;
  readonly data: Buffer;
}

export interface LogoutResponse extends Windowed {
  readonly kind: "logoutResponse";
  readonly response: number;
}

export interface NopIn extends Windowed {
  readonly kind: "nopIn";
  readonly lun: Buffer;
  readonly targetTransferTag: number;
  readonly data: Buffer;
}

export interface AsyncMessage extends Windowed {
  readonly kind: "asyncMessage";
  readonly asyncEvent: number;
  readonly parameters: readonly [number, number, number];
  readonly data: Buffer;
}

export interface Reject extends Windowed {
  readonly kind: "reject";
  readonly reason: number;
  /** The header of the PDU that was refused. */
  readonly rejectedHeader: Buffer;
}

export type TargetPdu =
  | ScsiResponse
  | DataIn
  | R2t
  | TaskManagementResponse
  | LoginResponse
  | TextResponse
  | LogoutResponse
  | NopIn
  | AsyncMessage
  | Reject;

const windowed = (bhs: Buffer): Windowed => ({
  initiatorTaskTag: bhs.readUInt32BE(16),
  statSN: bhs.readUInt32BE(24),
  expCmdSN: bhs.readUInt32BE(28),
  maxCmdSN: bhs.readUInt32BE(32),
});

const residual = (bhs: Buffer): { residualKind: ResidualKind; residualCount: number } => {
  const flags = bhs.readUInt8(1);
  const underflow = (flags & 0x02) !== 0;
  const overflow = (flags & 0x04) !== 0;
  if (underflow && overflow) throw new IscsiError("protocol", "both residual bits are set");
  const residualKind = overflow ? "overflow" : underflow ? "underflow" : "none";
  return { residualKind, residualCount: bhs.readUInt32BE(44) };
};

/** Data segment of a SCSI Response (11.4.7): SenseLength, sense data, response data. */
const senseOf = (data: Buffer): Buffer => {
  if (data.length < 2) return Buffer.alloc(0);
  const senseLength = data.readUInt16BE(0);
  if (2 + senseLength > data.length)
    throw new IscsiError("protocol", `SenseLength ${senseLength} runs past the data segment`);
  return data.subarray(2, 2 + senseLength);
};

const decodeScsiResponse = (bhs: Buffer, data: Buffer): ScsiResponse => ({
  kind: "scsiResponse",
  ...windowed(bhs),
  ...residual(bhs),
  response: bhs.readUInt8(2),
  status: bhs.readUInt8(3),
  expDataSN: bhs.readUInt32BE(36),
  sense: senseOf(data),
});

/** Needs the header alone: its data went where `dataSN` and `bufferOffset` told before. */
export const decodeDataIn = (bhs: Buffer): DataIn => {
  const flags = bhs.readUInt8(1);
  return {
    kind: "dataIn",
    ...windowed(bhs),
    ...((flags & 0x01) === 0 ? { residualKind: "none", residualCount: 0 } : residual(bhs)),
    final: (flags & 0x80) !== 0,
    acknowledge: (flags & 0x40) !== 0,
    hasStatus: (flags & 0x01) !== 0,
    status: bhs.readUInt8(3),
    targetTransferTag: bhs.readUInt32BE(20),
    dataSN: bhs.readUInt32BE(36),
    bufferOffset: bhs.readUInt32BE(40),
    dataLength: bhs.readUIntBE(5, 3),
  };
};

const decodeLoginResponse = (bhs: Buffer, data: Buffer): LoginResponse => {
  const flags = bhs.readUInt8(1);
  return {
    kind: "loginResponse",
    ...windowed(bhs),
    transit: (flags & 0x80) !== 0,
    continues: (flags & 0x40) !== 0,
    currentStage: (flags >> 2) & 3,
    nextStage: flags & 3,
    tsih: bhs.readUInt16BE(14),
    statusClass: bhs.readUInt8(36),
    statusDetail: bhs.readUInt8(37),
    data,
  };
};

const decodeTextResponse = (bhs: Buffer, data: Buffer): TextResponse => {
  const flags = bhs.readUInt8(1);
  return {
    kind: "textResponse",
    ...windowed(bhs),
    final: (flags & 0x80) !== 0,
    continues: (flags & 0x40) !== 0,
    targetTransferTag: bhs.readUInt32BE(20),
    data,
  };
};

const decoders: Readonly<Record<number, (bhs: Buffer, data: Buffer) => TargetPdu>> = {
  [TARGET_OPCODES.scsiResponse]: decodeScsiResponse,
  [TARGET_OPCODES.dataIn]: decodeDataIn,
  [TARGET_OPCODES.loginResponse]: decodeLoginResponse,
  [TARGET_OPCODES.textResponse]: decodeTextResponse,
  [TARGET_OPCODES.r2t]: (bhs) => ({
    kind: "r2t",
    ...windowed(bhs),
    targetTransferTag: bhs.readUInt32BE(20),
    r2tSN: bhs.readUInt32BE(36),
    bufferOffset: bhs.readUInt32BE(40),
    desiredDataTransferLength: bhs.readUInt32BE(44),
  }),
  [TARGET_OPCODES.taskManagementResponse]: (bhs) => ({
    kind: "taskManagementResponse",
    ...windowed(bhs),
    response: bhs.readUInt8(2),
  }),
  [TARGET_OPCODES.logoutResponse]: (bhs) => ({
    kind: "logoutResponse",
    ...windowed(bhs),
    response: bhs.readUInt8(2),
  }),
  [TARGET_OPCODES.nopIn]: (bhs, data) => ({
    kind: "nopIn",
    ...windowed(bhs),
    lun: Buffer.from(bhs.subarray(8, 16)),
    targetTransferTag: bhs.readUInt32BE(20),
    data,
  }),
  [TARGET_OPCODES.asyncMessage]: (bhs, data) => ({
    kind: "asyncMessage",
    ...windowed(bhs),
    asyncEvent: bhs.readUInt8(36),
    parameters: [bhs.readUInt16BE(38), bhs.readUInt16BE(40), bhs.readUInt16BE(42)],
    data,
  }),
  [TARGET_OPCODES.reject]: (bhs, data) => ({
    kind: "reject",
    ...windowed(bhs),
    reason: bhs.readUInt8(2),
    rejectedHeader: data,
  }),
};

/** Decodes a PDU of a target. Throws IscsiError `protocol` for an opcode no target may send. */
export const decodeTargetPdu = (bhs: Buffer, data: Buffer): TargetPdu => {
  const opcode = bhs.readUInt8(0) & 0x3f;
  const decode = decoders[opcode];
  if (decode === undefined)
    throw new IscsiError("protocol", `the target sent opcode 0x${opcode.toString(16)}`);
  return decode(bhs, data);
};
