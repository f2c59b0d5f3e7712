/** What S3 and its SDK throw → our codes. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
import { VaultError } from "../errors.ts";
import type { VaultErrorCode } from "../errors.ts";
import { describeSdkError, errorField, responseHeader, responseOf } from "../sdk-error.ts";

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
  RequestTimeTooSkewed: "STORE_CLOCK_SKEWED",
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

const REGION = /^[a-z]{2}(?:-[a-z]+)+-\d{1,2}$/;

/** Where the bucket is, as the answer says: in a header (the only place of a HEAD), the body, or its message. */
const bucketRegionOf = (error: unknown): string | undefined =>
  [
    responseHeader(responseOf(error), "x-amz-bucket-region"),
    errorField(error, "Region"),
    /expecting '([^']+)'/.exec(errorField(error, "message") ?? "")?.[1],
  ].find((region) => region !== undefined && REGION.test(region));

/**
 * No HTTP answer at all (refused, reset, timed out, no such host) counts as an outage. A HEAD refused for its region is a
 * bare 400, as one with an expired token is: only the region in its header, compared with ours, tells them apart.
 */
export const toStoreError = (error: unknown, what: string, ourRegion?: string): VaultError => {
  if (error instanceof VaultError) return error;
  const { name, httpStatus, summary } = describeSdkError(error);
  const bucketRegion = bucketRegionOf(error);
  const elsewhere =
    (httpStatus === 301 || httpStatus === 400) &&
    ourRegion !== undefined &&
    bucketRegion !== undefined &&
    bucketRegion !== ourRegion;
  if (elsewhere)
    return new VaultError(
      "STORE_WRONG_REGION",
      `the bucket is in ${bucketRegion}, AWS_REGION is ${ourRegion}; ${what}: ${summary}`,
    );
  const code =
    BY_NAME[name] ??
    (httpStatus === undefined || httpStatus >= 500
      ? "STORE_UNAVAILABLE"
      : (BY_STATUS[httpStatus] ?? "STORE_REJECTED"));
  return new VaultError(code, `${what}: ${summary}`);
};
