/** What a session has done so far: for whoever looks at it, not for the protocol. */

export interface SessionStatistics {
  /** SCSI commands that were answered. */
  commands: number;
  /** Bytes the device took from the initiator, and gave it. */
  dataOutBytes: number;
  dataInBytes: number;
  /** PDUs that were rejected or ended the session. */
  protocolErrors: number;
}

export const newSessionStatistics = (): SessionStatistics => ({
  commands: 0,
  dataOutBytes: 0,
  dataInBytes: 0,
  protocolErrors: 0,
});
