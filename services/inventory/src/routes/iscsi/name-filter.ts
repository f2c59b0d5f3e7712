/** Lists of the front end by the names of initiators and targets, which count the same in both cases (RFC 7143 4.2.7.1). */
import { z } from "zod";

const name = z.string().min(1).max(223).optional();

export const initiatorQuery = name.describe("Of this initiator alone, by its iSCSI name.");
export const targetQuery = name.describe("Of this target alone, by its iSCSI name.");

/** Whether a name is the one asked for; without one all are. */
export const isAskedFor = (asked: string | undefined, found: string | null): boolean =>
  asked === undefined || asked.toLowerCase() === found?.toLowerCase();
