/** Text format (RFC 7143 6.1): `key=value` pairs, each ended by a zero byte. */

export const encodeText = (pairs: Iterable<readonly [string, string]>): Buffer =>
  Buffer.from([...pairs].map(([key, value]) => `${key}=${value}\0`).join(""), "utf8");

/** Pairs in the order they came; a key may come several times (SendTargets answers do that). */
export const decodeText = (bytes: Uint8Array): [string, string][] =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString("utf8")
    .split("\0")
    .filter((pair) => pair.length > 0)
    .map((pair) => {
      const equals = pair.indexOf("=");
      return equals < 0 ? [pair, ""] : [pair.slice(0, equals), pair.slice(equals + 1)];
    });
