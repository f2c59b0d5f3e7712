/** Looks at a tape's objects in the bucket, and at the plain data still on disk, for the same tell-tale strings. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SegmentView } from "../harness/rest.ts";
import { getObject, type S3Access } from "../harness/s3-reader.ts";
import { inspect, type Inspection, looksEncrypted } from "./ciphertext.ts";

/** Every tar archive has the first in each member's header; the others stand in this project's own files. */
export const PROBES = ["ustar", "packages/testing/", '"license": "Apache-2.0"', "Reelhouse"];

export interface StoreCheck {
  readonly objects: number;
  readonly bytes: number;
  readonly leastEntropyBits: number;
  /** What is wrong, one line each. */
  readonly faults: readonly string[];
}

const faultsOf = (segment: SegmentView, bytes: Buffer, seen: Inspection): string[] => {
  const key = segment.objectKey ?? "";
  const faults: string[] = [];
  if (bytes.length !== segment.objectBytes)
    faults.push(`${key}: ${bytes.length} bytes, the catalogue says ${segment.objectBytes}`);
  if (createHash("sha256").update(bytes).digest("hex") !== segment.objectSha256)
    faults.push(`${key}: its SHA-256 is not the catalogue's`);
  if (!looksEncrypted(seen)) faults.push(`${key}: readable: ${JSON.stringify(seen)}`);
  return faults;
};

/** Fetches every object of the segments and inspects its raw bytes. */
export const checkObjects = async (
  access: S3Access,
  segments: readonly SegmentView[],
): Promise<StoreCheck> => {
  const faults: string[] = [];
  let bytes = 0;
  let leastEntropyBits = 8;
  for (const segment of segments) {
    const object = await getObject(access, segment.objectKey ?? "");
    const seen = inspect(object, PROBES);
    bytes += object.length;
    leastEntropyBits = Math.min(leastEntropyBits, seen.entropyBits);
    faults.push(...faultsOf(segment, object, seen));
  }
  return { objects: segments.length, bytes, leastEntropyBits, faults };
};

/** The probes that are in the tape's files on the local disk: proof that the search finds what is there. */
export const probesOnDisk = (dataDir: string, barcode: string): string[] => {
  const folder = join(dataDir, "media", barcode);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const found = new Set<string>();
  for (const file of files) {
    const bytes = readFileSync(join(file.parentPath, file.name));
    for (const probe of PROBES) if (bytes.includes(probe)) found.add(probe);
  }
  return [...found];
};
