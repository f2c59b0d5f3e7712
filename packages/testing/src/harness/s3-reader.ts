/**
 * Reads an S3-compatible store with nothing but fetch and AWS Signature Version 4 (header form), so that what lies in
 * the bucket is seen without any code of the product.
 */
import { createHash, createHmac } from "node:crypto";

export interface S3Access {
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string) =>
  createHmac("sha256", key).update(text).digest();
const UNSIGNED = sha256("");

/** RFC 3986 as SigV4 wants it: encodeURIComponent leaves five characters that S3 encodes. */
const encode = (text: string) =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** Headers of a signed GET with an empty body. `path` is encoded already; `query` is sorted by name. */
export const signGet = (
  access: S3Access,
  path: string,
  query: string,
  now: Date,
): Record<string, string> => {
  const { host } = new URL(access.endpoint);
  const stamp = now.toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
  const scope = `${stamp.slice(0, 8)}/${access.region}/s3/aws4_request`;
  const headers = { host, "x-amz-content-sha256": UNSIGNED, "x-amz-date": stamp };
  const names = Object.keys(headers).join(";");
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = ["GET", path, query, lines.join(""), names, UNSIGNED].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", stamp, scope, sha256(canonical)].join("\n");
  const key = scope
    .split("/")
    .reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${access.secretAccessKey}`);
  const signature = hmac(key, toSign).toString("hex");
  const credential = `${access.accessKeyId}/${scope}`;
  return {
    "x-amz-content-sha256": UNSIGNED,
    "x-amz-date": stamp,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`,
  };
};

const get = async (access: S3Access, path: string, query = ""): Promise<Buffer> => {
  const url = `${access.endpoint.replace(/\/$/, "")}${path}${query === "" ? "" : `?${query}`}`;
  const response = await fetch(url, { headers: signGet(access, path, query, new Date()) });
  const body = Buffer.from(await response.arrayBuffer());
  if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${body.toString("utf8")}`);
  return body;
};

const objectPath = (access: S3Access, key: string) =>
  `/${encode(access.bucket)}/${key.split("/").map(encode).join("/")}`;

/** The bytes of an object, as they lie there. */
export const getObject = (access: S3Access, key: string): Promise<Buffer> =>
  get(access, objectPath(access, key));

/** Every key that begins with `prefix`. */
export const listKeys = async (access: S3Access, prefix: string): Promise<string[]> => {
  const keys: string[] = [];
  let token: string | undefined = "";
  while (token !== undefined) {
    const continued: string = token === "" ? "" : `continuation-token=${encode(token)}&`;
    const query: string = `${continued}list-type=2&prefix=${encode(prefix)}`;
    const xml: string = (await get(access, `/${encode(access.bucket)}`, query)).toString("utf8");
    for (const match of xml.matchAll(/<Key>([^<]*)<\/Key>/g)) keys.push(match[1] ?? "");
    token = /<NextContinuationToken>([^<]*)</.exec(xml)?.[1];
  }
  return keys;
};
