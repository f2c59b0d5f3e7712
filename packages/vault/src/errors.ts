/** Every way the vault can fail: one row each. Callers go by `code` and `retryable`; `message` says what to do next. */

export interface VaultErrorRow {
  /** The same call may succeed later, unchanged. */
  readonly retryable: boolean;
  readonly message: string;
}

export const VAULT_ERRORS = {
  STORE_UNAVAILABLE: { retryable: true, message: "The object store does not answer; try again." },
  STORE_CORRUPTED_TRANSFER: {
    retryable: true,
    message: "What the object store holds or sent has another checksum than ours; try again.",
  },
  STORE_NOT_FOUND: { retryable: false, message: "The object store has no such object." },
  STORE_BUCKET_MISSING: {
    retryable: false,
    message: "The bucket does not exist; create it or correct REELHOUSE_S3_BUCKET.",
  },
  STORE_ACCESS_DENIED: {
    retryable: false,
    message: "The object store refuses our credentials; check the keys and the policy.",
  },
  STORE_CLOCK_SKEWED: {
    retryable: true,
    message:
      "This machine's clock and the object store's are more than a quarter of an hour apart; set the clock.",
  },
  STORE_WRONG_REGION: {
    retryable: false,
    message: "The bucket lies in another region; correct AWS_REGION or REELHOUSE_S3_ENDPOINT.",
  },
  STORE_ARCHIVED: {
    retryable: false,
    message: "The object lies in an archive storage class; restore it first.",
  },
  STORE_PRECONDITION: { retryable: false, message: "An object with that key exists already." },
  STORE_REJECTED: { retryable: false, message: "The object store refuses the request." },

  KEY_UNAVAILABLE: { retryable: true, message: "The key service does not answer; try again." },
  KEY_NOT_FOUND: {
    retryable: false,
    message: "The key service has no such key; correct REELHOUSE_KMS_KEY_ID.",
  },
  KEY_DISABLED: {
    retryable: false,
    message: "The KMS key is disabled or about to be deleted; enable it.",
  },
  KEY_ACCESS_DENIED: {
    retryable: false,
    message: "The key service refuses our credentials; check the keys and the key's policy.",
  },
  KEY_CLOCK_SKEWED: {
    retryable: true,
    message: "This machine's clock and the key service's are minutes apart; set the clock.",
  },
  KEY_WRONG_REGION: {
    retryable: false,
    message:
      "The key service is that of another region; correct AWS_REGION or REELHOUSE_KMS_ENDPOINT.",
  },
  KEY_CONTEXT_MISMATCH: {
    retryable: false,
    message: "The wrapped key was made for another volume, by another key, or is damaged.",
  },

  SEGMENT_MISMATCH: {
    retryable: false,
    message: "The segment file is not what was promised (length or SHA-256).",
  },
  SEGMENT_TOO_LARGE: { retryable: false, message: "The segment exceeds the vault's limit." },
  OBJECT_CONFLICT: {
    retryable: false,
    message: "The store holds another object at this key; nothing was overwritten.",
  },
  OBJECT_FORMAT: {
    retryable: false,
    message: "The object is not a segment this version can read.",
  },
  OBJECT_IDENTITY: { retryable: false, message: "The object is another segment than asked for." },
  OBJECT_KEY_MISMATCH: {
    retryable: false,
    message: "The data key does not open this object: a wrong key, or a damaged header.",
  },
  OBJECT_DAMAGED: {
    retryable: false,
    message: "The object was altered or cut: it does not pass authentication.",
  },
  RECEIPT_MISMATCH: {
    retryable: false,
    message: "The object is intact but is not the one its receipt describes.",
  },
  MANIFEST_NOT_FOUND: { retryable: false, message: "The volume has no manifest in the store." },
  MANIFEST_FORMAT: { retryable: false, message: "The manifest cannot be read." },
  MANIFEST_FORGED: {
    retryable: false,
    message: "The manifest's MAC is wrong: it was altered, or another key made it.",
  },
} as const satisfies Record<string, VaultErrorRow>;
export type VaultErrorCode = keyof typeof VAULT_ERRORS;

/** The only error class that leaves this package. Never carries key material, nor an SDK's request or response. */
export class VaultError extends Error {
  override readonly name = "VaultError";
  readonly code: VaultErrorCode;
  readonly retryable: boolean;

  constructor(code: VaultErrorCode, detail?: string, options?: { readonly cause?: unknown }) {
    const message = VAULT_ERRORS[code].message;
    super(detail === undefined ? message : `${message} (${detail})`, options);
    this.code = code;
    this.retryable = VAULT_ERRORS[code].retryable;
  }
}

/** True when `error` is ours, with that code. */
export const hasCode = (error: unknown, code: VaultErrorCode): error is VaultError =>
  error instanceof VaultError && error.code === code;
