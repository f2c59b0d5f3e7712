/** Logical Block Protection, B5h (SSC-5 8.5.6): the methods there are, and in which directions each is. */
import { join } from "../../bytes.ts";
import { informationLength, protectionMethod } from "../../ssc/protection/methods.ts";
import type { VpdPage } from "./vpd-page.ts";

/** LBP_W_C and LBP_R_C. */
const capable = 0x80 | 0x40;

const descriptor = (method: number) => {
  const body = join(method, informationLength, capable);
  return join(body.length, body);
};

export const logicalBlockProtection: VpdPage = {
  pageCode: 0xb5,
  name: "Logical Block Protection",
  data: () =>
    join(
      new Uint8Array(4),
      descriptor(protectionMethod.reedSolomonCrc),
      descriptor(protectionMethod.crc32c),
    ),
};
