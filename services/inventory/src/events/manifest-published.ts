/** manifest.published: one more manifest lies beside the volume's segments. */
import type { EventHandler } from "./event-handler.ts";

export const manifestPublished: EventHandler<"manifest.published"> = async (context, body) => {
  const { library, barcode, generation, sequence, key, complete } = body;
  const state = { key, complete, publishedAt: context.at };
  await context.transaction.manifest.upsert({
    where: { library_barcode_generation_sequence: { library, barcode, generation, sequence } },
    create: { library, barcode, generation, sequence, ...state },
    update: state,
  });
};
