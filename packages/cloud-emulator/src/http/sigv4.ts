/**
 * AWS Signature Version 4, the server's side: header and query (presigned) form. Chunk signatures of
 * STREAMING-AWS4-HMAC-SHA256-PAYLOAD are not verified.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
import { createHmac, hash, timingSafeEqual } from "node:crypto";
import { splitTarget } from "./exchange.ts";

export interface SignedRequest {
  readonly method: string;
  /** Path and query as they came. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Hexadecimal, or UNSIGNED-PAYLOAD and its like. */
  readonly payloadSha256: string;
}

export type SignatureFault =
  | "absent"
  | "malformed"
  | "unknownKey"
  | "skewed"
  | "expired"
  | "region"
  | "wrong";

const SKEW_MS_MAX = 15 * 60_000;
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256\s+Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;

interface Claim {
  readonly credential: string;
  readonly signedHeaders: string;
  readonly signature: string;
  readonly date: string;
  readonly expiresMs: number | null;
  readonly presigned: boolean;
}

const escape = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const readClaim = (request: SignedRequest, query: URLSearchParams): Claim | SignatureFault => {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const match = AUTHORIZATION.exec(authorization);
    if (match === null) return "malformed";
    const [, credential = "", signedHeaders = "", signature = ""] = match;
    const date = request.headers["x-amz-date"] ?? "";
    return { credential, signedHeaders, signature, date, expiresMs: null, presigned: false };
  }
  const signature = query.get("X-Amz-Signature");
  if (signature === null) return "absent";
  return {
    credential: query.get("X-Amz-Credential") ?? "",
    signedHeaders: query.get("X-Amz-SignedHeaders") ?? "",
    signature,
    date: query.get("X-Amz-Date") ?? "",
    expiresMs: 1000 * Number(query.get("X-Amz-Expires") ?? 0),
    presigned: true,
  };
};

const parseDate = (date: string): number =>
  Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));

const canonicalQuery = (query: URLSearchParams): string =>
  [...query]
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => [escape(name), escape(value)] as const)
    .toSorted(([a, x], [b, y]) => {
      if (a !== b) return a < b ? -1 : 1;
      return x < y ? -1 : 1;
    })
    .map((pair) => pair.join("="))
    .join("&");

const canonicalRequest = (
  request: SignedRequest,
  claim: Claim,
  service: string,
  path: string,
  query: URLSearchParams,
): string => {
  return [
    request.method,
    // S3 signs the path as sent; every other service escapes it once more.
    service === "s3" ? path : path.split("/").map(escape).join("/"),
    canonicalQuery(query),
    ...claim.signedHeaders
      .split(";")
      .map((name) => `${name}:${(request.headers[name] ?? "").trim().replace(/\s+/g, " ")}`),
    "",
    claim.signedHeaders,
    claim.presigned ? "UNSIGNED-PAYLOAD" : request.payloadSha256,
  ].join("\n");
};

const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac("sha256", key).update(text).digest();

const timeFault = (claim: Claim, nowMs: number): SignatureFault | null => {
  const signedAt = parseDate(claim.date);
  if (Number.isNaN(signedAt)) return "malformed";
  if (claim.expiresMs !== null) return nowMs > signedAt + claim.expiresMs ? "expired" : null;
  return Math.abs(nowMs - signedAt) > SKEW_MS_MAX ? "skewed" : null;
};

/** null if the signature is right. `secrets`: access key id → secret access key. */
export const verifySignature = (
  request: SignedRequest,
  secrets: Readonly<Record<string, string>>,
  nowMs: number,
  /** null: a signature for any region is taken. */
  regionWanted: string | null = null,
): SignatureFault | null => {
  const { path, query } = splitTarget(request.target);
  const claim = readClaim(request, query);
  if (typeof claim === "string") return claim;
  const [accessKeyId = "", day = "", region = "", service = "", end] = claim.credential.split("/");
  if (end !== "aws4_request") return "malformed";
  const secret = Object.hasOwn(secrets, accessKeyId) ? secrets[accessKeyId] : undefined;
  if (secret === undefined) return "unknownKey";
  const fault = timeFault(claim, nowMs);
  if (fault !== null) return fault;
  if (regionWanted !== null && region !== regionWanted) return "region";
  const scope = `${day}/${region}/${service}/aws4_request`;
  const canonical = canonicalRequest(request, claim, service, path, query);
  const toSign = ["AWS4-HMAC-SHA256", claim.date, scope, hash("sha256", canonical)].join("\n");
  const key = [day, region, service, "aws4_request"].reduce<string | Buffer>(hmac, `AWS4${secret}`);
  const expected = hmac(key, toSign);
  const given = Buffer.from(claim.signature, "hex");
  return given.length === expected.length && timingSafeEqual(given, expected) ? null : "wrong";
};
