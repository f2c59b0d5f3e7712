/** What KMS and its SDK throw → our codes. */
import { VaultError } from "../errors.ts";
import type { VaultErrorCode } from "../errors.ts";
import { describeSdkError } from "../sdk-error.ts";

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

/** Whatever is not known to be lasting counts as an outage: a refused backup key must never come from a guess. */
export const toKeyError = (error: unknown, what: string): VaultError => {
  if (error instanceof VaultError) return error;
  const { name, summary } = describeSdkError(error);
  return new VaultError(BY_NAME[name] ?? "KEY_UNAVAILABLE", `${what}: ${summary}`);
};
