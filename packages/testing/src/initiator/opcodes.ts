/** Codes of RFC 7143 that an initiator must know (11.2.1.2, 11.5.1, 11.6.1, 11.13.5, 11.17.1). Written from the RFC, not from packages/iscsi. */

export const INITIATOR_OPCODES = {
  nopOut: 0x00,
  scsiCommand: 0x01,
  taskManagementRequest: 0x02,
  loginRequest: 0x03,
  textRequest: 0x04,
  dataOut: 0x05,
  logoutRequest: 0x06,
} as const;

export const TARGET_OPCODES = {
  nopIn: 0x20,
  scsiResponse: 0x21,
  taskManagementResponse: 0x22,
  loginResponse: 0x23,
  textResponse: 0x24,
  dataIn: 0x25,
  logoutResponse: 0x26,
  r2t: 0x31,
  asyncMessage: 0x32,
  reject: 0x3f,
} as const;

/** Initiator Task Tag and Target Transfer Tag that mean "none". */
export const RESERVED_TAG = 0xffff_ffff;

export const LOGIN_STAGES = { security: 0, operational: 1, fullFeature: 3 } as const;
export type LoginStage = (typeof LOGIN_STAGES)[keyof typeof LOGIN_STAGES];

export const TASK_MANAGEMENT_FUNCTIONS = {
  abortTask: 1,
  abortTaskSet: 2,
  clearAca: 3,
  clearTaskSet: 4,
  logicalUnitReset: 5,
  targetWarmReset: 6,
  targetColdReset: 7,
  taskReassign: 8,
} as const;
export type TaskManagementFunction = keyof typeof TASK_MANAGEMENT_FUNCTIONS;

export const LOGOUT_REASONS = {
  closeSession: 0,
  closeConnection: 1,
  removeForRecovery: 2,
} as const;
export type LogoutReason = keyof typeof LOGOUT_REASONS;

/** Names of the Reject reason codes, for messages. */
export const REJECT_REASONS: Readonly<Record<number, string>> = {
  0x02: "data digest error",
  0x03: "SNACK reject",
  0x04: "protocol error",
  0x05: "command not supported",
  0x06: "immediate command reject: too many immediate commands",
  0x07: "task in progress",
  0x08: "invalid data ack",
  0x09: "invalid PDU field",
  0x0a: "long operation reject",
  0x0b: "deprecated",
  0x0c: "waiting for logout",
};

/** SAM-5 5.3.1. */
export const SCSI_STATUS = {
  good: 0x00,
  checkCondition: 0x02,
  conditionMet: 0x04,
  busy: 0x08,
  reservationConflict: 0x18,
  taskSetFull: 0x28,
  acaActive: 0x30,
  taskAborted: 0x40,
} as const;
