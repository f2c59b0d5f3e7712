/** library.described: the library as it stands. Replaces its drives and its occupied elements. */
import type { EventHandler } from "./event-handler.ts";

export const libraryDescribed: EventHandler<"library.described"> = async (context, body) => {
  const { transaction, gateway, at } = context;
  const { library, changer } = body;
  const row = {
    gateway,
    changerVendor: changer.vendor,
    changerProduct: changer.product,
    changerSerialNumber: changer.serialNumber,
    changerTargetName: changer.targetName,
    ranges: body.ranges,
    describedAt: at,
  };
  const known = await transaction.library.findUnique({ where: { name: library } });
  if (known !== null && known.gateway !== gateway) {
    context.surprise("library has another gateway now", { library, before: known.gateway });
  }
  await transaction.library.upsert({
    where: { name: library },
    create: { name: library, ...row },
    update: row,
  });
  await transaction.drive.deleteMany({ where: { library } });
  await transaction.drive.createMany({ data: body.drives.map((drive) => ({ library, ...drive })) });
  await transaction.element.deleteMany({ where: { library } });
  const { count } = await transaction.element.createMany({
    data: body.occupied.map((element) => ({ library, ...element })),
    skipDuplicates: true,
  });
  const outThere = body.occupied.filter(({ type }) => type === "importExport");
  await transaction.tape.updateMany({
    where: {
      library,
      exportedAt: { not: null },
      barcode: { notIn: outThere.map(({ barcode }) => barcode) },
    },
    data: { exportedAt: null },
  });
  if (count !== body.occupied.length) {
    context.surprise("two cartridges in one element, or one in two", {
      library,
      skipped: body.occupied.length - count,
    });
  }
};
