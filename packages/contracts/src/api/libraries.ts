/** REST resource: libraries, without what lies in them; `libraryView` shows one with all its elements. */
import { z } from "zod";
import { libraryOutline } from "../control/libraries.ts";

export const librarySummary = libraryOutline.extend({ gateway: z.string() });
export type LibrarySummary = z.infer<typeof librarySummary>;
