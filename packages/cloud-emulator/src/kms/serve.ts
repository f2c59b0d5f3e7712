/** One KMS request: `X-Amz-Target: TrentService.<operation>`, JSON both ways. */
import { hash } from "node:crypto";
import type { Faults } from "../faults.ts";
import { KmsError } from "../errors.ts";
import type { KmsErrorCode } from "../errors.ts";
import type { Answer, Exchange } from "../http/exchange.ts";
import { receiveText } from "../http/receive-blob.ts";
import type { SignatureFault } from "../http/sigv4.ts";
import type { KmsKeys } from "./keys.ts";
import { readRequest } from "./operation.ts";
import { KMS_OPERATIONS } from "./operations.ts";

const TARGET_PREFIX = "TrentService.";
const JSON_BYTES_MAX = 64 * 1024;
const CONTENT_TYPE = { "content-type": "application/x-amz-json-1.1" };

const SIGNATURE_ERRORS: Readonly<Record<SignatureFault, KmsErrorCode>> = {
  absent: "UnrecognizedClientException",
  malformed: "InvalidSignatureException",
  unknownKey: "UnrecognizedClientException",
  skewed: "InvalidSignatureException",
  expired: "InvalidSignatureException",
  region: "InvalidSignatureException",
  wrong: "InvalidSignatureException",
};

/** One code for all of them: only the message says which. */
const SIGNATURE_MESSAGES: Partial<Readonly<Record<SignatureFault, string>>> = {
  skewed: "Signature expired: the request's time and the server's differ too much",
  region: "Credential should be scoped to a valid region. ",
};

export const isKmsRequest = (exchange: Exchange): boolean =>
  exchange.headers["x-amz-target"]?.startsWith(TARGET_PREFIX) === true;

export const kmsErrorAnswer = (error: KmsError): Answer => ({
  httpStatus: error.httpStatus,
  headers: CONTENT_TYPE,
  body: JSON.stringify({ __type: error.code, message: error.message }),
});

/** Throws KmsError. `checkSignature` is given the SHA-256 of the body, which only now is known. */
export const serveKms = async (
  exchange: Exchange,
  keys: KmsKeys,
  faults: Faults,
  checkSignature: (payloadSha256: string) => SignatureFault | null,
): Promise<Answer> => {
  const name = exchange.headers["x-amz-target"]?.slice(TARGET_PREFIX.length);
  const fault = faults.take("kms", name);
  await exchange.setFault(fault);
  if (fault?.kind === "slow-down") throw new KmsError("ThrottlingException");
  const body = await receiveText(exchange.body(), exchange.headers, JSON_BYTES_MAX);
  const signatureFault = checkSignature(hash("sha256", body));
  if (signatureFault !== null) {
    const message = SIGNATURE_MESSAGES[signatureFault];
    throw new KmsError(SIGNATURE_ERRORS[signatureFault], message);
  }
  const operation = KMS_OPERATIONS.find((candidate) => candidate.name === name);
  if (operation === undefined) throw new KmsError("UnknownOperationException");
  const answer = operation.execute(readRequest(body), keys);
  return { httpStatus: 200, headers: CONTENT_TYPE, body: JSON.stringify(answer) };
};
