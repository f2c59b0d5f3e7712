/** One S3 request: find the operation, run it, write its answer or error as XML. */
import type { Faults } from "../faults.ts";
import { S3Error } from "../errors.ts";
import type { Answer, Exchange } from "../http/exchange.ts";
import { receiveBlob, receiveText } from "../http/receive-blob.ts";
import type { SignatureFault } from "../http/sigv4.ts";
import type { S3ErrorCode } from "../errors.ts";
import type { S3Call, S3State } from "./operation.ts";
import { readTarget, route } from "./router.ts";
import { leaf } from "./xml.ts";

/** 1000 keys of DeleteObjects, or 10,000 parts, with room to spare. */
const XML_BYTES_MAX = 4 * 1024 * 1024;
const KEY_BYTES_MAX = 1024;

const SIGNATURE_ERRORS: Readonly<Record<SignatureFault, S3ErrorCode>> = {
  absent: "AccessDenied",
  malformed: "AuthorizationHeaderMalformed",
  unknownKey: "InvalidAccessKeyId",
  skewed: "RequestTimeTooSkewed",
  expired: "AccessDenied",
  region: "AuthorizationHeaderMalformed",
  wrong: "SignatureDoesNotMatch",
};

/** AWS names the right region in the message; a HEAD, which has no body, has it in a header. */
const signatureError = (fault: SignatureFault, { method }: Exchange, region: string): S3Error =>
  fault === "region"
    ? new S3Error(
        SIGNATURE_ERRORS.region,
        `The authorization header is malformed; the region is wrong; expecting '${region}'`,
        method === "HEAD" ? { "x-amz-bucket-region": region } : {},
      )
    : new S3Error(SIGNATURE_ERRORS[fault]);

export const s3ErrorAnswer = (error: S3Error, exchange: Exchange): Answer => ({
  httpStatus: error.httpStatus,
  headers: { "content-type": "application/xml", ...error.headers },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${leaf("Code", error.code)}${leaf("Message", error.message)}${leaf("Resource", exchange.path)}${leaf("RequestId", exchange.requestId)}</Error>`,
});

/** Throws S3Error; `signatureFault` is null when the request is signed by somebody we know. */
export const serveS3 = async (
  exchange: Exchange,
  state: S3State,
  faults: Faults,
  signatureFault: SignatureFault | null,
): Promise<Answer> => {
  const target = readTarget(exchange.path);
  const { headers, query } = exchange;
  const operation = route(exchange.method, target, query, headers);
  const fault = faults.take("s3", operation?.name);
  await exchange.setFault(fault);
  if (fault?.kind === "slow-down") throw new S3Error("SlowDown");
  if (signatureFault !== null) throw signatureError(signatureFault, exchange, state.region);
  if (operation === undefined) throw new S3Error("NotImplemented");
  if (Buffer.byteLength(target.key) > KEY_BYTES_MAX) throw new S3Error("KeyTooLongError");
  const call: S3Call = {
    ...state,
    ...target,
    query,
    headers,
    readText: () => receiveText(exchange.body(), headers, XML_BYTES_MAX),
    receiveBlob: () => receiveBlob(exchange.body(), headers, state.blobs),
  };
  const answer = await operation.execute(call);
  const body = answer.body ?? "";
  return {
    httpStatus: answer.httpStatus ?? 200,
    headers: {
      ...(typeof body === "string" && body !== "" ? { "content-type": "application/xml" } : {}),
      ...answer.headers,
    },
    body,
  };
};
