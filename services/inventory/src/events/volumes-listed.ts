/** volumes.listed: the library's volumes that are not named are no more, though nobody heard of their removal. */
import { removeTape } from "../store/tape-removal.ts";
import type { EventHandler } from "./event-handler.ts";

/** A tape CREATING may not be there yet: its own event says when it is. The list is one parameter, it may be long. */
export const volumesListed: EventHandler<"volumes.listed"> = async (context, body) => {
  const { transaction, at } = context;
  const { library, barcodes } = body;
  const gone = await transaction.$queryRaw<{ barcode: string }[]>`
    SELECT barcode FROM tapes
    WHERE library = ${library} AND status IN ('AVAILABLE', 'DELETING')
      AND barcode NOT IN (SELECT jsonb_array_elements_text(${JSON.stringify(barcodes)}::jsonb))`;
  for (const { barcode } of gone) {
    await removeTape(transaction, { library, barcode }, at);
    context.surprise("volume is gone without a word", { library, barcode });
  }
};
