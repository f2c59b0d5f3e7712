/** Sense conditions (SPC-5 annex F, words of T10) and fixed-format sense data (SPC-5 4.4.3). */

interface SenseCondition {
  readonly key: number;
  readonly asc: number;
  readonly ascq: number;
  readonly text: string;
}

const row = (key: number, asc: number, ascq: number, text: string): SenseCondition => ({
  key,
  asc,
  ascq,
  text,
});

/** Every condition this package reports. */
export const senseConditions = {
  noSense: row(0x0, 0x00, 0x00, "NO ADDITIONAL SENSE INFORMATION"),
  filemarkDetected: row(0x0, 0x00, 0x01, "FILEMARK DETECTED"),
  earlyWarning: row(0x0, 0x00, 0x02, "END-OF-PARTITION/MEDIUM DETECTED"),
  programmableEarlyWarning: row(0x0, 0x00, 0x07, "PROGRAMMABLE EARLY WARNING DETECTED"),
  beginningOfPartition: row(0x0, 0x00, 0x04, "BEGINNING-OF-PARTITION/MEDIUM DETECTED"),
  eraseOperationInProgress: row(0x0, 0x00, 0x18, "ERASE OPERATION IN PROGRESS"),
  setCapacityOperationInProgress: row(0x0, 0x00, 0x1b, "SET CAPACITY OPERATION IN PROGRESS"),
  verifyOperationInProgress: row(0x0, 0x00, 0x1c, "VERIFY OPERATION IN PROGRESS"),
  failurePredictedOnRequest: row(0x0, 0x5d, 0x00, "FAILURE PREDICTION THRESHOLD EXCEEDED"),
  mediumNotPresent: row(0x2, 0x3a, 0x00, "MEDIUM NOT PRESENT"),
  cleaningCartridgeInstalled: row(0x2, 0x30, 0x03, "CLEANING CARTRIDGE INSTALLED"),
  becomingReady: row(0x2, 0x04, 0x01, "LOGICAL UNIT IS IN PROCESS OF BECOMING READY"),
  incompatibleMediumInstalled: row(0x3, 0x30, 0x00, "INCOMPATIBLE MEDIUM INSTALLED"),
  initializingCommandRequired: row(
    0x2,
    0x04,
    0x02,
    "LOGICAL UNIT NOT READY, INITIALIZING COMMAND REQUIRED",
  ),
  formatInProgress: row(0x2, 0x04, 0x04, "LOGICAL UNIT NOT READY, FORMAT IN PROGRESS"),
  operationInProgress: row(0x2, 0x04, 0x07, "LOGICAL UNIT NOT READY, OPERATION IN PROGRESS"),
  writeError: row(0x3, 0x0c, 0x00, "WRITE ERROR"),
  auxiliaryMemoryWriteError: row(0x3, 0x0c, 0x0b, "AUXILIARY MEMORY WRITE ERROR"),
  unrecoveredReadError: row(0x3, 0x11, 0x00, "UNRECOVERED READ ERROR"),
  mediaLoadOrEjectFailed: row(0x4, 0x53, 0x00, "MEDIA LOAD OR EJECT FAILED"),
  unloadTapeFailure: row(0x4, 0x53, 0x01, "UNLOAD TAPE FAILURE"),
  formatCommandFailed: row(0x3, 0x31, 0x01, "FORMAT COMMAND FAILED"),
  eraseFailure: row(0x3, 0x51, 0x00, "ERASE FAILURE"),
  logicalBlockGuardCheckFailed: row(0x4, 0x10, 0x01, "LOGICAL BLOCK GUARD CHECK FAILED"),
  internalTargetFailure: row(0x4, 0x44, 0x00, "INTERNAL TARGET FAILURE"),
  mechanicalPositioningError: row(0x4, 0x15, 0x01, "MECHANICAL POSITIONING ERROR"),
  parameterListLengthError: row(0x5, 0x1a, 0x00, "PARAMETER LIST LENGTH ERROR"),
  invalidOperationCode: row(0x5, 0x20, 0x00, "INVALID COMMAND OPERATION CODE"),
  invalidElementAddress: row(0x5, 0x21, 0x01, "INVALID ELEMENT ADDRESS"),
  invalidFieldInCdb: row(0x5, 0x24, 0x00, "INVALID FIELD IN CDB"),
  logicalUnitNotSupported: row(0x5, 0x25, 0x00, "LOGICAL UNIT NOT SUPPORTED"),
  invalidFieldInParameterList: row(0x5, 0x26, 0x00, "INVALID FIELD IN PARAMETER LIST"),
  invalidReleaseOfPersistentReservation: row(
    0x5,
    0x26,
    0x04,
    "INVALID RELEASE OF PERSISTENT RESERVATION",
  ),
  commandSequenceError: row(0x5, 0x2c, 0x00, "COMMAND SEQUENCE ERROR"),
  insufficientRegistrationResources: row(0x5, 0x55, 0x04, "INSUFFICIENT REGISTRATION RESOURCES"),
  savingParametersNotSupported: row(0x5, 0x39, 0x00, "SAVING PARAMETERS NOT SUPPORTED"),
  sequentialPositioningError: row(0x5, 0x3b, 0x00, "SEQUENTIAL POSITIONING ERROR"),
  positionPastBeginningOfMedium: row(0x5, 0x3b, 0x0c, "POSITION PAST BEGINNING OF MEDIUM"),
  destinationElementFull: row(0x5, 0x3b, 0x0d, "MEDIUM DESTINATION ELEMENT FULL"),
  sourceElementEmpty: row(0x5, 0x3b, 0x0e, "MEDIUM SOURCE ELEMENT EMPTY"),
  noDataTransferElement: row(0x5, 0x3b, 0x1a, "DATA TRANSFER ELEMENT REMOVED"),
  magazineNotAccessible: row(0x5, 0x3b, 0x11, "MEDIUM MAGAZINE NOT ACCESSIBLE"),
  mediumRemovalPrevented: row(0x5, 0x53, 0x02, "MEDIUM REMOVAL PREVENTED"),
  removalPreventedByDataTransferElement: row(
    0x5,
    0x53,
    0x03,
    "MEDIUM REMOVAL PREVENTED BY DATA TRANSFER ELEMENT",
  ),
  auxiliaryMemoryOutOfSpace: row(0x5, 0x55, 0x06, "AUXILIARY MEMORY OUT OF SPACE"),
  notReadyToReadyChange: row(0x6, 0x28, 0x00, "NOT READY TO READY CHANGE, MEDIUM MAY HAVE CHANGED"),
  importExportAccessed: row(0x6, 0x28, 0x01, "IMPORT OR EXPORT ELEMENT ACCESSED"),
  dataTransferElementRemoved: row(0x6, 0x3b, 0x1a, "DATA TRANSFER ELEMENT REMOVED"),
  dataTransferElementInserted: row(0x6, 0x3b, 0x1b, "DATA TRANSFER ELEMENT INSERTED"),
  powerOn: row(0x6, 0x29, 0x00, "POWER ON, RESET, OR BUS DEVICE RESET OCCURRED"),
  scsiBusReset: row(0x6, 0x29, 0x02, "SCSI BUS RESET OCCURRED"),
  busDeviceReset: row(0x6, 0x29, 0x03, "BUS DEVICE RESET FUNCTION OCCURRED"),
  nexusLoss: row(0x6, 0x29, 0x07, "I_T NEXUS LOSS OCCURRED"),
  dataEncryptionParametersChanged: row(
    0x6,
    0x2a,
    0x11,
    "DATA ENCRYPTION PARAMETERS CHANGED BY ANOTHER I_T NEXUS",
  ),
  modeParametersChanged: row(0x6, 0x2a, 0x01, "MODE PARAMETERS CHANGED"),
  logParametersChanged: row(0x6, 0x2a, 0x02, "LOG PARAMETERS CHANGED"),
  reservationsPreempted: row(0x6, 0x2a, 0x03, "RESERVATIONS PREEMPTED"),
  reservationsReleased: row(0x6, 0x2a, 0x04, "RESERVATIONS RELEASED"),
  registrationsPreempted: row(0x6, 0x2a, 0x05, "REGISTRATIONS PREEMPTED"),
  timestampChanged: row(0x6, 0x2a, 0x10, "TIMESTAMP CHANGED"),
  failurePredicted: row(0x6, 0x5d, 0x00, "FAILURE PREDICTION THRESHOLD EXCEEDED"),
  targetOperatingConditionsChanged: row(
    0x6,
    0x3f,
    0x00,
    "TARGET OPERATING CONDITIONS HAVE CHANGED",
  ),
  microcodeChanged: row(0x6, 0x3f, 0x01, "MICROCODE HAS BEEN CHANGED"),
  inquiryDataChanged: row(0x6, 0x3f, 0x03, "INQUIRY DATA HAS CHANGED"),
  deviceIdentifierChanged: row(0x6, 0x3f, 0x05, "DEVICE IDENTIFIER CHANGED"),
  reportedLunsDataChanged: row(0x6, 0x3f, 0x0e, "REPORTED LUNS DATA HAS CHANGED"),
  writeProtected: row(0x7, 0x27, 0x00, "WRITE PROTECTED"),
  encryptionKeyInstanceChanged: row(
    0x7,
    0x2a,
    0x13,
    "DATA ENCRYPTION KEY INSTANCE COUNTER HAS CHANGED",
  ),
  unableToDecryptData: row(0x7, 0x74, 0x01, "UNABLE TO DECRYPT DATA"),
  cannotWriteIncompatibleFormat: row(0x7, 0x30, 0x05, "CANNOT WRITE MEDIUM - INCOMPATIBLE FORMAT"),
  unencryptedDataWhileDecrypting: row(
    0x7,
    0x74,
    0x02,
    "UNENCRYPTED DATA ENCOUNTERED WHILE DECRYPTING",
  ),
  incorrectDataEncryptionKey: row(0x7, 0x74, 0x03, "INCORRECT DATA ENCRYPTION KEY"),
  cryptographicIntegrityFailed: row(0x7, 0x74, 0x04, "CRYPTOGRAPHIC INTEGRITY VALIDATION FAILED"),
  encryptionParametersNotUseable: row(0x7, 0x74, 0x07, "ENCRYPTION PARAMETERS NOT USEABLE"),
  encryptionModeMismatchOnRead: row(0x7, 0x74, 0x09, "ENCRYPTION MODE MISMATCH ON READ"),
  encryptedBlockNotRawReadEnabled: row(0x7, 0x74, 0x0a, "ENCRYPTED BLOCK NOT RAW READ ENABLED"),
  softwareWriteProtected: row(0x7, 0x27, 0x02, "LOGICAL UNIT SOFTWARE WRITE PROTECTED"),
  wormOverwriteAttempted: row(0x7, 0x30, 0x0c, "WORM MEDIUM - OVERWRITE ATTEMPTED"),
  endOfData: row(0x8, 0x00, 0x05, "END-OF-DATA DETECTED"),
  volumeOverflow: row(0xd, 0x00, 0x02, "END-OF-PARTITION/MEDIUM DETECTED"),
  miscompareDuringVerify: row(0xe, 0x1d, 0x00, "MISCOMPARE DURING VERIFY OPERATION"),
} as const satisfies Record<string, SenseCondition>;

export type SenseName = keyof typeof senseConditions;

/** Where the fault lies: sense key specific data with ILLEGAL REQUEST (SPC-5 4.4.2.4.2). */
export interface FieldPointer {
  readonly in: "cdb" | "data";
  readonly byte: number;
  /** Highest bit of the field in that byte; left out when the whole byte is meant. */
  readonly bit?: number | undefined;
}

export interface SenseDetail {
  /** INFORMATION: a signed residue, in the unit of the command; sets VALID. */
  readonly information?: number | undefined;
  readonly filemark?: boolean;
  readonly endOfMedium?: boolean;
  readonly incorrectLength?: boolean;
  readonly field?: FieldPointer | undefined;
  /** PROGRESS INDICATION, in 65536ths (SPC-5 4.4.2.4.4). */
  readonly progress?: number | undefined;
  /** Response code 71h: the error belongs to an earlier command. */
  readonly deferred?: boolean;
}

const fixedSenseLength = 18;
const informationMax = 0xffffffff;

/** Fixed-format sense data, 18 bytes. */
export function encodeSense(name: SenseName, detail: SenseDetail = {}): Uint8Array {
  const { key, asc, ascq } = senseConditions[name];
  const sense = new Uint8Array(fixedSenseLength);
  const view = new DataView(sense.buffer);
  sense[0] = detail.deferred === true ? 0x71 : 0x70;
  sense[2] = key | flagBits(detail);
  // A residue that does not fit the field is not valid information.
  if (detail.information !== undefined && Math.abs(detail.information) <= informationMax) {
    sense[0] |= 0x80;
    view.setUint32(3, detail.information >>> 0);
  }
  sense[7] = fixedSenseLength - 8;
  sense[12] = asc;
  sense[13] = ascq;
  if (detail.field !== undefined) {
    const { byte, bit } = detail.field;
    sense[15] =
      0x80 | (detail.field.in === "cdb" ? 0x40 : 0) | (bit === undefined ? 0 : 0x08 | bit);
    view.setUint16(16, byte);
  }
  if (detail.progress !== undefined) {
    sense[15] = 0x80;
    view.setUint16(16, detail.progress);
  }
  return sense;
}

function flagBits(detail: SenseDetail): number {
  return (
    (detail.filemark === true ? 0x80 : 0) |
    (detail.endOfMedium === true ? 0x40 : 0) |
    (detail.incorrectLength === true ? 0x20 : 0)
  );
}
