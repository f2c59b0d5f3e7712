/** From the volume's names of segments to the house's, and back from a job's id. */
import { segmentRef } from "@reelhouse/contracts";
import type { SegmentRef } from "@reelhouse/contracts";
import type { SegmentRef as VolumeSegmentRef } from "@reelhouse/medium";

export const houseRef = (
  library: string,
  barcode: string,
  { generation, partition, number }: VolumeSegmentRef,
): SegmentRef => ({
  library,
  barcode,
  generation,
  partition,
  number,
});

const form =
  /^(?<library>[^/]+)\/(?<barcode>[^/]+)\/g(?<generation>\d+)\/p(?<partition>\d+)\/(?<number>\d+)$/;

/** The inverse of `segmentId`; undefined for anything else. */
export function parseSegmentId(id: string): SegmentRef | undefined {
  const groups = form.exec(id)?.groups;
  if (groups === undefined) return undefined;
  const { library, barcode, generation, partition, number } = groups;
  const parsed = segmentRef.safeParse({
    library,
    barcode,
    generation: Number(generation),
    partition: Number(partition),
    number: Number(number),
  });
  return parsed.success ? parsed.data : undefined;
}
