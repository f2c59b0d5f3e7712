/** Every group of checks, in the order in which they run. */
import type { CheckGroup } from "./check.ts";
import { elementStatus } from "./smc/element-status.ts";
import { moving } from "./smc/moving.ts";
import { prevention } from "./smc/prevention.ts";
import { allocationLengths } from "./spc/allocation-length.ts";
import { logPages } from "./spc/log-pages.ts";
import { modePages } from "./spc/mode-pages.ts";
import { operationCodes } from "./spc/operation-codes.ts";
import { reservationMoves } from "./spc/reservation-moves.ts";
import { reservations } from "./spc/reservations.ts";
import { unitAttentions } from "./spc/unit-attentions.ts";
import { vitalProductData } from "./spc/vital-product-data.ts";
import { attributes } from "./ssc/attributes.ts";
import { blocks } from "./ssc/blocks.ts";
import { encryption } from "./ssc/encryption.ts";
import { endOfMedium } from "./ssc/end-of-medium.ts";
import { incorrectLength } from "./ssc/incorrect-length.ts";
import { ltfsSequence } from "./ssc/ltfs-sequence.ts";
import { notReady } from "./ssc/not-ready.ts";
import { partitions } from "./ssc/partitions.ts";
import { positions } from "./ssc/positions.ts";
import { protectionInformation } from "./ssc/protection-information.ts";
import { readingMarks } from "./ssc/reading-marks.ts";
import { spacingChecks } from "./ssc/spacing.ts";
import { sparseTape } from "./ssc/sparse-tape.ts";
import { writeOnce, writeProtection } from "./ssc/write-protection.ts";

export const checkGroups: readonly CheckGroup[] = [
  ...vitalProductData,
  ...modePages,
  ...logPages,
  ...operationCodes,
  ...allocationLengths,
  ...reservations,
  ...reservationMoves,
  ...unitAttentions,
  blocks,
  incorrectLength,
  readingMarks,
  spacingChecks,
  positions,
  sparseTape,
  endOfMedium,
  partitions,
  writeProtection,
  writeOnce,
  attributes,
  protectionInformation,
  encryption,
  ltfsSequence,
  notReady,
  elementStatus,
  moving,
  prevention,
];
