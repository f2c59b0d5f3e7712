/** What KMS and its SDK throw → our codes. */
import { VaultError } from "../errors.ts";
import type { VaultErrorCode } from "../errors.ts";
import { describeSdkError, errorField } from "../sdk-error.ts";

const BY_NAME: Readonly<Record<string, VaultErrorCode>> = {
  NotFoundException: "KEY_NOT_FOUND",
  InvalidArnException: "KEY_NOT_FOUND",
  DisabledException: "KEY_DISABLED",
  KMSInvalidStateException: "KEY_DISABLED",
  // KMS says the same of a wrong context, a wrong key and a damaged blob; so do we.
  InvalidCiphertextException: "KEY_CONTEXT_MISMATCH",
  IncorrectKeyException: "KEY_CONTEXT_MISMATCH",
  AccessDeniedException: "KEY_ACCESS_DENIED",
  UnrecognizedClientException: "KEY_ACCESS_DENIED",
  InvalidSignatureException: "KEY_ACCESS_DENIED",
  IncompleteSignature: "KEY_ACCESS_DENIED",
  MissingAuthenticationToken: "KEY_ACCESS_DENIED",
  ExpiredTokenException: "KEY_ACCESS_DENIED",
  CredentialsProviderError: "KEY_ACCESS_DENIED",
};

/** KMS has one name for signatures that are wrong, of another time, and of another region; its message tells them apart. */
const SIGNATURE_MESSAGES: readonly (readonly [RegExp, VaultErrorCode])[] = [
  [/^Signature (?:expired|not yet current)/i, "KEY_CLOCK_SKEWED"],
  [/scoped to a valid region/i, "KEY_WRONG_REGION"],
];

const codeOf = (name: string, message: string): VaultErrorCode => {
  const bySignature = SIGNATURE_MESSAGES.find(([pattern]) => pattern.test(message))?.[1];
  if (name === "InvalidSignatureException" && bySignature !== undefined) return bySignature;
  // Whatever is not known to be lasting counts as an outage: a refused backup key must never come from a guess.
  return BY_NAME[name] ?? "KEY_UNAVAILABLE";
};

export const toKeyError = (error: unknown, what = "KMS"): VaultError => {
  if (error instanceof VaultError) return error;
  const { name, summary } = describeSdkError(error);
  const message = errorField(error, "message") ?? "";
  return new VaultError(codeOf(name, message), `${what}: ${summary}`);
};
