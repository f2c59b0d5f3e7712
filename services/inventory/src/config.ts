/** The inventory's settings: all that it takes from the environment. Names, forms and meanings: KNOWN_SETTINGS. */
import { databaseUrl, httpUrl, listenAddress, logLevel } from "@reelhouse/service-kit";
import { z } from "zod";

export const inventoryConfig = z.object({
  apiListen: listenAddress.prefault("127.0.0.1:8080"),
  databaseUrl,
  gatewayControlUrl: httpUrl.default("http://127.0.0.1:8081"),
  /** Shared with the gateway: it delivers events with it, and takes commands by it. */
  serviceTokenFile: z.string().min(1),
  /** Made if it is absent. */
  adminTokenFile: z.string().min(1),
  logLevel: logLevel.default("info"),
});
export type InventoryConfig = z.infer<typeof inventoryConfig>;
