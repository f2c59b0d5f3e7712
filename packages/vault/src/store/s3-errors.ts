/** What S3 and its SDK throw → our codes. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
import { VaultError } from "../errors.ts";
import type { VaultErrorCode } from "../errors.ts";
import { describeSdkError } from "../sdk-error.ts";

const BY_NAME: Readonly<Record<string, VaultErrorCode>> = {
  NoSuchKey: "STORE_NOT_FOUND",
  NoSuchVersion: "STORE_NOT_FOUND",
  NotFound: "STORE_NOT_FOUND",
  NoSuchBucket: "STORE_BUCKET_MISSING",
  PreconditionFailed: "STORE_PRECONDITION",
  // Two conditional writes of the same key at once: the other one may still fail, so try again.
  ConditionalRequestConflict: "STORE_UNAVAILABLE",
  InvalidObjectState: "STORE_ARCHIVED",
  ObjectNotInActiveTierError: "STORE_ARCHIVED",
  AccessDenied: "STORE_ACCESS_DENIED",
  AllAccessDisabled: "STORE_ACCESS_DENIED",
  InvalidAccessKeyId: "STORE_ACCESS_DENIED",
  SignatureDoesNotMatch: "STORE_ACCESS_DENIED",
  ExpiredToken: "STORE_ACCESS_DENIED",
  InvalidToken: "STORE_ACCESS_DENIED",
  RequestTimeTooSkewed: "STORE_ACCESS_DENIED",
  CredentialsProviderError: "STORE_ACCESS_DENIED",
  PermanentRedirect: "STORE_WRONG_REGION",
  AuthorizationHeaderMalformed: "STORE_WRONG_REGION",
  BadDigest: "STORE_CORRUPTED_TRANSFER",
  InvalidDigest: "STORE_CORRUPTED_TRANSFER",
  XAmzContentSHA256Mismatch: "STORE_CORRUPTED_TRANSFER",
  IncompleteBody: "STORE_CORRUPTED_TRANSFER",
  SlowDown: "STORE_UNAVAILABLE",
  RequestTimeout: "STORE_UNAVAILABLE",
  InternalError: "STORE_UNAVAILABLE",
  ServiceUnavailable: "STORE_UNAVAILABLE",
};

const BY_STATUS: Readonly<Record<number, VaultErrorCode>> = {
  301: "STORE_WRONG_REGION",
  403: "STORE_ACCESS_DENIED",
  404: "STORE_NOT_FOUND",
  412: "STORE_PRECONDITION",
  429: "STORE_UNAVAILABLE",
};

/** No HTTP answer at all (refused, reset, timed out, no such host) counts as an outage. */
export const toStoreError = (error: unknown, what: string): VaultError => {
  if (error instanceof VaultError) return error;
  const { name, httpStatus, summary } = describeSdkError(error);
  const code =
    BY_NAME[name] ??
    (httpStatus === undefined || httpStatus >= 500
      ? "STORE_UNAVAILABLE"
      : (BY_STATUS[httpStatus] ?? "STORE_REJECTED"));
  return new VaultError(code, `${what}: ${summary}`);
};
