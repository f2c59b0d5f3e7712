/**
 * What becomes of a job that failed. `again`: by the queue, with its backoff, without end: stores come back, and
 * operators mend buckets, keys and policies. `never`: the same job can only fail again.
 */
import { errorCode, PermanentJobError } from "@reelhouse/service-kit";
import { VaultError, type VaultErrorCode } from "@reelhouse/vault";

export const JOB_OUTCOMES = {
  STORE_UNAVAILABLE: "again",
  STORE_CORRUPTED_TRANSFER: "again",
  STORE_NOT_FOUND: "again",
  STORE_BUCKET_MISSING: "again",
  STORE_ACCESS_DENIED: "again",
  STORE_CLOCK_SKEWED: "again",
  STORE_WRONG_REGION: "again",
  STORE_ARCHIVED: "never",
  STORE_PRECONDITION: "again",
  STORE_REJECTED: "again",
  KEY_UNAVAILABLE: "again",
  KEY_NOT_FOUND: "again",
  KEY_DISABLED: "again",
  KEY_ACCESS_DENIED: "again",
  KEY_CLOCK_SKEWED: "again",
  KEY_WRONG_REGION: "again",
  KEY_CONTEXT_MISMATCH: "never",
  SEGMENT_MISMATCH: "never",
  SEGMENT_TOO_LARGE: "never",
  OBJECT_CONFLICT: "never",
  OBJECT_FORMAT: "never",
  OBJECT_IDENTITY: "never",
  OBJECT_KEY_MISMATCH: "never",
  OBJECT_DAMAGED: "never",
  RECEIPT_MISMATCH: "never",
  MANIFEST_NOT_FOUND: "never",
  MANIFEST_FORMAT: "never",
  MANIFEST_FORGED: "never",
} as const satisfies Record<VaultErrorCode, "again" | "never">;

/** The name under which metrics count the error. */
export const failureCode = (error: unknown): string => {
  if (error instanceof VaultError || error instanceof PermanentJobError) return error.code;
  return errorCode(error) ?? "UNKNOWN";
};

/** The error to throw from a handler: as it is, or permanent. */
export const jobError = (error: unknown): unknown => {
  if (error instanceof VaultError && JOB_OUTCOMES[error.code] === "never") {
    return new PermanentJobError(error.code, error.message, error);
  }
  // The file went between finding and opening it.
  if (errorCode(error) === "ENOENT") {
    return new PermanentJobError(
      "MEDIA_FILE_MISSING",
      "the file is gone; an overwrite may have dropped it",
      error,
    );
  }
  return error;
};
