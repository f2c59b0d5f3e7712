/** A volume as its manifest says it. */
import { manifest, receipt } from "@reelhouse/contracts";
import type { Manifest, ManifestSegment, Receipt } from "@reelhouse/contracts";
import type { Volume } from "@reelhouse/medium";
import { isHostAttribute } from "@reelhouse/scsi";
import { keyOf } from "./volume-keys.ts";

export interface ManifestNames {
  readonly gateway: string;
  readonly library: string;
  readonly sequence: number;
  readonly createdAt: string;
}

const keyOfSegment = ({ partition, number }: Pick<ManifestSegment, "partition" | "number">) =>
  `${partition}/${number}`;

/** Read one by one from the disk; the volume goes on meanwhile. */
async function readReceipts(volume: Volume): Promise<ReadonlyMap<string, Receipt>> {
  const found = new Map<string, Receipt>();
  for (const segment of volume.segments()) {
    const text = await volume.receiptOf(segment);
    if (text !== undefined) found.set(keyOfSegment(segment), receipt.parse(JSON.parse(text)));
  }
  return found;
}

/**
 * The manifest as the volume stands at one moment, after all receipts were read: an overwrite meanwhile must not leave a
 * manifest with the runs of before and of after. Undefined while the volume has no key, so nothing in the vault.
 */
export async function composeManifest(
  volume: Volume,
  names: ManifestNames,
): Promise<Manifest | undefined> {
  if (keyOf(volume) === null) return undefined;
  const { generation } = volume;
  const receipts = await readReceipts(volume);
  const wrappedKey = keyOf(volume);
  if (generation !== volume.generation || wrappedKey === null) return undefined;
  const { barcode, capacityBytes, worm, pool, partitions, attributes } = volume.describe();
  const segments: ManifestSegment[] = [];
  let complete = true;
  for (const segment of volume.segments()) {
    const kept = receipts.get(keyOfSegment(segment));
    if (kept === undefined) {
      complete = false;
      continue;
    }
    segments.push({
      partition: segment.partition,
      number: segment.number,
      firstObject: segment.firstObject,
      endObject: segment.endObject,
      firstFilemark: segment.firstFilemark,
      endFilemark: segment.endFilemark,
      usedBytes: segment.dataEndBytes,
      receipt: kept,
    });
  }
  return manifest.parse({
    format: "reelhouse-manifest",
    version: 1,
    ...names,
    barcode,
    generation,
    capacityBytes,
    partitions: partitions.map((one) => ({ capacityBytes: one.capacityBytes })),
    attributes: [...attributes],
    worm,
    pool,
    wrappedKey,
    complete,
    segments,
  } satisfies Manifest);
}

/** What a rebuild needs; how often and in which drives the tape was used is not worth an object in the store. */
const essential = (one: Manifest): string =>
  JSON.stringify({
    ...one,
    sequence: 0,
    createdAt: "",
    attributes: (one.attributes ?? []).filter(({ identifier }) => isHostAttribute(identifier)),
  });

/** Whether two manifests say the same of the volume, but for what the drive counts in its memory. */
export const saySame = (left: Manifest, right: Manifest): boolean =>
  essential(left) === essential(right);
