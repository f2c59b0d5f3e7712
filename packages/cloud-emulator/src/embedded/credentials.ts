/** The embedded store's credentials: random, made at the first start, kept in a file only this user may read. */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createFile } from "@reelhouse/service-kit";
import { z } from "zod";

export const cloudCredentials = z.object({
  accessKeyId: z.string().regex(/^[A-Z0-9]{20}$/),
  secretAccessKey: z.string().min(32),
});
export type CloudCredentials = z.infer<typeof cloudCredentials>;

/** Shaped like AWS's, and marked: nobody should take it for a real one. */
const newCredentials = (): CloudCredentials => ({
  accessKeyId: `RHEMBED${randomBytes(8).toString("hex").toUpperCase().slice(0, 13)}`,
  secretAccessKey: randomBytes(30).toString("base64url"),
});

export const ensureCloudCredentials = async (file: string): Promise<CloudCredentials> => {
  await createFile(file, `${JSON.stringify(newCredentials())}\n`, { mode: 0o600 });
  return cloudCredentials.parse(JSON.parse(await readFile(file, "utf8")));
};
