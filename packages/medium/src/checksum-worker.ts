/** The thread behind `ChecksumThread`: reads a file front to back, as fast as what else is to be done leaves it time. */
import { createHash } from "node:crypto";
import { readSync } from "node:fs";
import { setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { crc32cOf } from "./bytes.ts";
import type { ChecksumAnswer, ChecksumRequest } from "./checksum-thread.ts";
import { type FileChecksums, errorText } from "./disk.ts";
import { slabBytes } from "./limits.ts";

/** Nice value, of this thread alone on Linux: an upload may start later, a backup may not wait. */
const niceness = 10;

const buffer = Buffer.allocUnsafeSlow(slabBytes);

const checksumsOf = ({ fd, byteLength, tailBytes }: ChecksumRequest): FileChecksums => {
  const hash = createHash("sha256");
  let headCrc32c = 0;
  for (let at = 0; at < byteLength;) {
    const bytesRead = readSync(fd, buffer, 0, Math.min(slabBytes, byteLength - at), at);
    if (bytesRead === 0) throw new Error(`it ends after ${at} of ${byteLength} bytes`);
    const headBytes = Math.min(bytesRead, Math.max(byteLength - tailBytes - at, 0));
    hash.update(buffer.subarray(0, bytesRead));
    headCrc32c = crc32cOf([buffer.subarray(0, headBytes)], headCrc32c);
    at += bytesRead;
  }
  return { sha256: hash.digest("hex"), headCrc32c };
};

const answer = (request: ChecksumRequest): ChecksumAnswer => {
  try {
    return { id: request.id, checksums: checksumsOf(request) };
  } catch (error) {
    return { id: request.id, reason: errorText(error) };
  }
};

setPriority(niceness);
parentPort?.on("message", (request: ChecksumRequest) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- A thread is no window.
  parentPort?.postMessage(answer(request));
});
