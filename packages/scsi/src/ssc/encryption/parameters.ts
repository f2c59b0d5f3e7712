/** A set of data encryption parameters (SSC-5 4.2.22.8), as an application establishes it and a drive keeps it in memory. */
import type { KeyObject } from "node:crypto";
import type { KeyAssociatedData } from "./key-associated-data.ts";

export const encryptionMode = { disable: 0, external: 1, encrypt: 2 } as const;
export const decryptionMode = { disable: 0, raw: 1, decrypt: 2, mixed: 3 } as const;

/** SCOPE of the page, I_T NEXUS SCOPE and LOGICAL BLOCK ENCRYPTION SCOPE of the status. */
export const scope = { public: 0, local: 1, allItNexus: 2 } as const;
export type Scope = (typeof scope)[keyof typeof scope];

/** CEEM: which mode a block must have been written in to be read. */
export const externalModeCheck = { vendor: 0, none: 1, external: 2, encrypt: 3 } as const;

/** RDMC: whether blocks are marked as not to be read raw; zero is the algorithm's default, disabled. */
export const rawDecryptionModeControl = { default: 0, enabled: 2, disabled: 3 } as const;

export interface EncryptionParameters {
  readonly encryptionMode: number;
  readonly decryptionMode: number;
  readonly checkExternalMode: number;
  /** Blocks written are marked so that RAW does not read them. */
  readonly rawDisabled: boolean;
  readonly clearOn: {
    /** CKOD. */
    readonly demount: boolean;
    /** CKORP. */
    readonly reservationPreempt: boolean;
    /** CKORL. */
    readonly reservationLoss: boolean;
  };
  readonly kadFormat: number;
  readonly kads: readonly KeyAssociatedData[];
  /** In memory only, in an object that prints as nothing; left out where no mode needs one. */
  readonly key?: KeyObject;
}

export const noEncryption: EncryptionParameters = {
  encryptionMode: encryptionMode.disable,
  decryptionMode: decryptionMode.disable,
  checkExternalMode: externalModeCheck.vendor,
  rawDisabled: false,
  clearOn: { demount: false, reservationPreempt: false, reservationLoss: false },
  kadFormat: 0,
  kads: [],
};
