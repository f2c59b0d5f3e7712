/** The PDUs an initiator sends (RFC 7143 11), as 48-byte basic header segments; data goes beside the header. */
import {
  INITIATOR_OPCODES,
  LOGOUT_REASONS,
  type LoginStage,
  type LogoutReason,
  RESERVED_TAG,
  TASK_MANAGEMENT_FUNCTIONS,
  type TaskManagementFunction,
} from "./opcodes.ts";

export const HEADER_BYTES = 48;
const FINAL = 0x80;
const CONTINUE = 0x40;
const IMMEDIATE = 0x40;

/** The 8-byte LUN field of a logical unit number: peripheral addressing below 256, flat space above (SAM-5 4.7). */
export const encodeLun = (lun: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16BE(lun < 256 ? lun : 0x4000 | lun, 0);
  return bytes;
};

interface Numbers {
  readonly initiatorTaskTag: number;
  readonly cmdSN: number;
  readonly expStatSN: number;
}

const header = (opcode: number, flags: number, dataLength: number, tag: number): Buffer => {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes[0] = opcode;
  bytes[1] = flags;
  bytes.writeUIntBE(dataLength, 5, 3);
  bytes.writeUInt32BE(tag, 16);
  return bytes;
};

const sequenced = (opcode: number, flags: number, dataLength: number, numbers: Numbers): Buffer => {
  const bytes = header(opcode, flags, dataLength, numbers.initiatorTaskTag);
  bytes.writeUInt32BE(numbers.cmdSN, 24);
  bytes.writeUInt32BE(numbers.expStatSN, 28);
  return bytes;
};

export interface ScsiCommand extends Numbers {
  readonly lun: Uint8Array;
  readonly cdb: Uint8Array;
  readonly read: boolean;
  readonly write: boolean;
  /** F: no unsolicited Data-Out follows. */
  readonly final: boolean;
  readonly expectedDataTransferLength: number;
  readonly immediateDataLength: number;
}

/** SCSI Command (11.3), task attribute SIMPLE. CDBs past 16 bytes are not needed here. */
export const encodeScsiCommand = (pdu: ScsiCommand): Buffer => {
  const simple = 0x01;
  const flags = (pdu.final ? FINAL : 0) | (pdu.read ? 0x40 : 0) | (pdu.write ? 0x20 : 0) | simple;
  const bytes = sequenced(INITIATOR_OPCODES.scsiCommand, flags, pdu.immediateDataLength, pdu);
  bytes.set(pdu.lun, 8);
  bytes.writeUInt32BE(pdu.expectedDataTransferLength, 20);
  bytes.set(pdu.cdb, 32);
  return bytes;
};

export interface DataOut {
  readonly lun: Uint8Array;
  readonly final: boolean;
  readonly initiatorTaskTag: number;
  readonly targetTransferTag: number;
  readonly expStatSN: number;
  readonly dataSN: number;
  readonly bufferOffset: number;
  readonly dataLength: number;
}

/** SCSI Data-Out (11.7). */
export const encodeDataOut = (pdu: DataOut): Buffer => {
  const flags = pdu.final ? FINAL : 0;
  const bytes = header(INITIATOR_OPCODES.dataOut, flags, pdu.dataLength, pdu.initiatorTaskTag);
  bytes.set(pdu.lun, 8);
  bytes.writeUInt32BE(pdu.targetTransferTag, 20);
  bytes.writeUInt32BE(pdu.expStatSN, 28);
  bytes.writeUInt32BE(pdu.dataSN, 36);
  bytes.writeUInt32BE(pdu.bufferOffset, 40);
  return bytes;
};

export interface TaskManagementRequest extends Numbers {
  readonly lun: Uint8Array;
  readonly function: TaskManagementFunction;
  readonly referencedTaskTag?: number;
  readonly refCmdSN?: number;
}

/** Task Management Function Request (11.5), sent for immediate delivery. */
export const encodeTaskManagementRequest = (pdu: TaskManagementRequest): Buffer => {
  const opcode = INITIATOR_OPCODES.taskManagementRequest | IMMEDIATE;
  const flags = FINAL | TASK_MANAGEMENT_FUNCTIONS[pdu.function];
  const bytes = sequenced(opcode, flags, 0, pdu);
  bytes.set(pdu.lun, 8);
  bytes.writeUInt32BE(pdu.referencedTaskTag ?? RESERVED_TAG, 20);
  bytes.writeUInt32BE(pdu.refCmdSN ?? 0, 32);
  return bytes;
};

export interface LoginRequest extends Numbers {
  readonly transit: boolean;
  readonly currentStage: LoginStage;
  readonly nextStage: LoginStage;
  readonly isid: Uint8Array;
  readonly tsih: number;
  readonly cid: number;
  readonly dataLength: number;
}

/** Login Request (11.12), version 0. */
export const encodeLoginRequest = (pdu: LoginRequest): Buffer => {
  const stages = (pdu.currentStage << 2) | (pdu.transit ? pdu.nextStage : 0);
  const flags = (pdu.transit ? FINAL : 0) | stages;
  const opcode = INITIATOR_OPCODES.loginRequest | IMMEDIATE;
  const bytes = sequenced(opcode, flags, pdu.dataLength, pdu);
  bytes.set(pdu.isid, 8);
  bytes.writeUInt16BE(pdu.tsih, 14);
  bytes.writeUInt16BE(pdu.cid, 20);
  return bytes;
};

export interface TextRequest extends Numbers {
  readonly final: boolean;
  readonly continues: boolean;
  readonly targetTransferTag: number;
  readonly dataLength: number;
}

/** Text Request (11.10). */
export const encodeTextRequest = (pdu: TextRequest): Buffer => {
  const flags = (pdu.final ? FINAL : 0) | (pdu.continues ? CONTINUE : 0);
  const bytes = sequenced(INITIATOR_OPCODES.textRequest, flags, pdu.dataLength, pdu);
  bytes.writeUInt32BE(pdu.targetTransferTag, 20);
  return bytes;
};

export interface NopOut extends Numbers {
  readonly immediate: boolean;
  readonly lun: Uint8Array;
  readonly targetTransferTag: number;
  readonly dataLength: number;
}

/** NOP-Out (11.18): a ping, or the answer to the target's. */
export const encodeNopOut = (pdu: NopOut): Buffer => {
  const opcode = INITIATOR_OPCODES.nopOut | (pdu.immediate ? IMMEDIATE : 0);
  const bytes = sequenced(opcode, FINAL, pdu.dataLength, pdu);
  bytes.set(pdu.lun, 8);
  bytes.writeUInt32BE(pdu.targetTransferTag, 20);
  return bytes;
};

export interface LogoutRequest extends Numbers {
  readonly reason: LogoutReason;
  readonly cid: number;
}

/** Logout Request (11.14), sent for immediate delivery. */
export const encodeLogoutRequest = (pdu: LogoutRequest): Buffer => {
  const opcode = INITIATOR_OPCODES.logoutRequest | IMMEDIATE;
  const bytes = sequenced(opcode, FINAL | LOGOUT_REASONS[pdu.reason], 0, pdu);
  bytes.writeUInt16BE(pdu.cid, 20);
  return bytes;
};
