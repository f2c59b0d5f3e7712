/** Where things lie in the data folder. */
import path from "node:path";
import { EMBEDDED_CLOUD } from "@reelhouse/cloud-emulator";

export const dataLayout = (dataDirectory: string) => ({
  root: dataDirectory,
  media: path.join(dataDirectory, "media"),
  logs: path.join(dataDirectory, "logs"),
  cluster: path.join(dataDirectory, "postgres"),
  adminToken: path.join(dataDirectory, "admin-token"),
  serviceToken: path.join(dataDirectory, "service-token"),
  cloudCredentials: path.join(dataDirectory, EMBEDDED_CLOUD.folder, EMBEDDED_CLOUD.credentialsFile),
});
export type DataLayout = ReturnType<typeof dataLayout>;
