/**
 * What a device server asks of its transport: the same shapes as the transport's own port (structurally; neither
 * package imports the other), reduced to what SPC, SSC and SMC need.
 */

export type MaybePromise<T> = T | Promise<T>;

/** Bytes from the application client. Views into somebody's buffers: valid until `release`, called exactly once. */
export interface DataOut {
  readonly views: readonly Uint8Array[];
  readonly byteLength: number;
  release(): void;
}

/** Bytes for the application client; the transport calls `release` once, when it has sent them. */
export interface DataIn {
  readonly views: readonly Uint8Array[];
  readonly byteLength: number;
  release(): void;
}

/** An I_T nexus; the object's identity is the nexus's. */
export interface Nexus {
  readonly initiatorPortName: string;
  /** The portal group through which it came: its target port. */
  readonly portalGroupTag: number;
}

export interface Task {
  readonly nexus: Nexus;
  readonly cdb: Uint8Array;
  readonly expectedDataOutLength: number;
  readonly expectedDataInLength: number;
  /** Set when a task management function or a lost nexus took the task away. */
  readonly aborted: boolean;
  /** Receive Data-Out (SAM-5 5.4.3.2): at most `byteLength` bytes, cut to what the initiator expects to send. */
  receiveDataOut(byteLength: number): MaybePromise<DataOut>;
}

/** Send Command Complete (SAM-5 5.4.2.5). */
export interface Completion {
  readonly status: number;
  readonly sense?: Uint8Array | undefined;
  readonly dataIn?: DataIn | undefined;
  /** Bytes of Data-Out the command could use, the base of the residual count. Left out: what was received. */
  readonly dataOutLength?: number | undefined;
}
