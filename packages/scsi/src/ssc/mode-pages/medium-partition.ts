/**
 * Medium Partition mode page, 11h (SSC-5 8.4.6): the partitions the medium has, or those the next FORMAT MEDIUM is to
 * make (POFM: MODE SELECT alone makes none). See partitions/partitioning.ts for what the fields ask for.
 */
import type { ModePage } from "../../spc/mode-pages/mode-page.ts";
import type { Density } from "../cartridges/density.ts";
import type { Medium } from "../medium.ts";
import type { ModeParameters } from "../mode-parameters.ts";
import { encodePartitioning, partitioningFault } from "../partitions/partitioning.ts";
import { partitionsMax } from "../partitions/partitions.ts";

const pageLengthMin = 6;
const pageLength = pageLengthMin + 2 * partitionsMax;

const changeable = new Uint8Array(pageLength).fill(0xff);
// MAXIMUM ADDITIONAL PARTITIONS; POFM, CLEAR and ADDP; MEDIUM FORMAT RECOGNITION; the reserved byte.
changeable.set([0x00, 0xff, 0xf8, 0x00, 0xff, 0x00]);

export const mediumPartitionModePage = (
  parameters: ModeParameters,
  medium: () => Medium | undefined,
  density: () => Density,
): ModePage => {
  const current = () => parameters.partitioning ?? encodePartitioning(medium());
  return {
    pageCode: 0x11,
    name: "Medium Partition",
    current,
    defaults: encodePartitioning(undefined),
    changeable,
    // Initiators send as many partition sizes as they need.
    acceptsLength: (length) => length % 2 === 0 && length >= pageLengthMin && length <= pageLength,
    invalidField: (data) =>
      Buffer.compare(data, current()) === 0
        ? undefined
        : partitioningFault(medium(), density(), data),
    apply: (data) => {
      if (Buffer.compare(data, current()) === 0) return;
      const whole = new Uint8Array(pageLength);
      whole.set(data);
      parameters.partitioning = whole;
    },
  };
};
