/** libraries.listed: the gateway's libraries that are not named are no more. Tapes they had stay, as DELETED. */
import type { EventHandler } from "./event-handler.ts";

export const librariesListed: EventHandler<"libraries.listed"> = async (context, body) => {
  const { transaction, gateway } = context;
  const gone = await transaction.library.findMany({
    where: { gateway, name: { notIn: body.libraries } },
    select: { name: true },
  });
  const library = { in: gone.map(({ name }) => name) };
  await transaction.drive.deleteMany({ where: { library } });
  await transaction.element.deleteMany({ where: { library } });
  await transaction.library.deleteMany({ where: { gateway, name: library } });
};
