/** Forgets an upload and removes its parts' blobs: rows first, so that a crash leaves only what the sweep removes. */
import type { S3State } from "./operation.ts";

export const dropUpload = async (state: S3State, id: string): Promise<void> => {
  const parts = state.uploads.parts(id);
  state.uploads.drop(id);
  for (const { blobId } of parts) await state.blobs.remove(blobId);
};
