/** How much the cache may take where the settings do not say. */
import { statfs } from "node:fs/promises";
import type { Media } from "./media.ts";

/** Less would not hold a segment of the usual size. */
const budgetBytesMin = 64 * 1024 * 1024;

const cachedBytes = (media: Pick<Media, "volumes">): number => {
  let bytes = 0;
  for (const volume of media.volumes()) {
    const { diskCleanBytes, diskPendingBytes } = volume.describe();
    bytes += diskCleanBytes + diskPendingBytes;
  }
  return bytes;
};

/** Three quarters of what the cache has and could have. */
export async function defaultBudgetBytes(
  directory: string,
  media: Pick<Media, "volumes">,
): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return Math.max(budgetBytesMin, Math.floor((bavail * bsize + cachedBytes(media)) * 0.75));
}
