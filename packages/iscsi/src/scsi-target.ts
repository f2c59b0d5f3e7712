/**
 * The port between the iSCSI target and a SCSI target device: the transport protocol services of
 * SAM-5 (5.4 "Execute Command" and 7 "Task management"), as RFC 7143 carries them.
 *
 * The gateway fills it in with device servers of packages/scsi; neither package knows the other.
 */

/** Bytes an initiator sent with a command. Views into receive slabs: valid until `release`. */
export interface DataOut {
  readonly views: readonly Uint8Array[];
  readonly byteLength: number;
  /** Gives the slabs back. Whoever receives a DataOut calls this exactly once. */
  release(): void;
}

/** Bytes for an initiator. The session calls `release` once, after the transport took the last of them. */
export interface DataIn {
  readonly views: readonly Uint8Array[];
  readonly byteLength: number;
  release(): void;
}

/** An I_T nexus (SAM-5 3.1.x): one initiator port and one target port. The object's identity is the nexus's. */
export interface Nexus {
  /** iSCSI name of the initiator. */
  readonly initiatorName: string;
  /** `<name>,i,0x<ISID>`: the initiator port name of RFC 7143 2.2. */
  readonly initiatorPortName: string;
  readonly targetName: string;
  /** With the target's name, the target port (RFC 7143 2.2: `<name>,t,0x<tag>`). */
  readonly portalGroupTag: number;
}

export interface ScsiTask {
  readonly nexus: Nexus;
  /** The 8-byte LUN field of the SCSI Command PDU, as it came. */
  readonly lun: Uint8Array;
  /** The CDB: 16 bytes, or more with an Extended CDB AHS. */
  readonly cdb: Uint8Array;
  readonly initiatorTaskTag: number;
  /** Expected Data Transfer Length when the W bit is set, in bytes; else 0. */
  readonly expectedDataOutLength: number;
  /** Expected Data Transfer Length when the R bit is set (or the read length of a bidirectional command); else 0. */
  readonly expectedDataInLength: number;
  /** Set once a task management function, a lost session or a logout took the task away: the answer will not be sent. */
  readonly aborted: boolean;
  /**
   * Receive Data-Out (SAM-5 5.4.3.2): the first `byteLength` bytes of the command's data. Solicits by R2T what has
   * not come unsolicited, and answers at once, without a promise, when all of it is here. `byteLength` is cut to
   * `expectedDataOutLength`. At most one call a task. Rejects with `TaskAborted` when the task is taken away.
   */
  receiveDataOut(byteLength: number): DataOut | Promise<DataOut>;
}

/** Send Command Complete (SAM-5 5.4.2.5), with the data of Send Data-In. */
export interface ScsiCompletion {
  /** SAM status code. */
  readonly status: number;
  /** Sense data, fixed format (SPC-5 4.4.3), present with CHECK CONDITION. */
  readonly sense?: Uint8Array | undefined;
  readonly dataIn?: DataIn | undefined;
  /**
   * Bytes of Data-Out the command could use, when that differs from what it received: the base of the residual
   * count. Left out: what `receiveDataOut` returned.
   */
  readonly dataOutLength?: number | undefined;
}

/** Function codes of RFC 7143 11.5.1. */
export type TaskManagementFunction =
  | "ABORT TASK"
  | "ABORT TASK SET"
  | "CLEAR ACA"
  | "CLEAR TASK SET"
  | "LOGICAL UNIT RESET"
  | "TARGET WARM RESET"
  | "TARGET COLD RESET"
  | "TASK REASSIGN";

/** Response codes of RFC 7143 11.6.1 that a device can give; the session finds the others itself. */
export type TaskManagementResponse =
  | "FUNCTION COMPLETE"
  | "TASK DOES NOT EXIST"
  | "LUN DOES NOT EXIST"
  | "TASK MANAGEMENT FUNCTION NOT SUPPORTED"
  | "FUNCTION REJECTED";

export interface TaskManagementRequest {
  readonly function: TaskManagementFunction;
  readonly nexus: Nexus;
  readonly lun: Uint8Array;
  /** The task an ABORT TASK names, when the session still has it. */
  readonly task?: ScsiTask | undefined;
}

export interface ScsiTarget {
  /** Runs a command. The target keeps the order within a logical unit; the session does not wait between commands. */
  execute(task: ScsiTask): ScsiCompletion | Promise<ScsiCompletion>;
  /**
   * Called after the session has marked its own tasks that are concerned as aborted. Those of other nexuses are the device's
   * to end, with status TASK ABORTED: nobody else would tell their initiators.
   */
  manage(request: TaskManagementRequest): Promise<TaskManagementResponse>;
  /** A new I_T nexus: a normal session reached full feature phase. */
  nexusEstablished(nexus: Nexus): void;
  /** The connection of a nexus broke: its tasks were taken away, and it may return for a while. */
  nexusSuspended(nexus: Nexus): void;
  /**
   * The initiator port of a nexus whose connection broke is back within the time we keep it: it is the same nexus, and
   * nothing that belongs to it was lost. `tasksLost`: there are commands of which the initiator cannot know what became.
   */
  nexusReturned(nexus: Nexus, tasksLost: boolean): void;
  /** I_T nexus loss (SAM-5 6.3.4): the session ended, and did not come back in time. */
  nexusLost(nexus: Nexus): void;
}
