/** Makes a received blob an object, or removes it again if that fails. */
import type { Bucket } from "../store/buckets.ts";
import type { NewObject, ObjectVersion } from "../store/objects.ts";
import { checkWrite } from "./conditions.ts";
import type { S3Call } from "./operation.ts";

export const nameBlob = async (
  call: S3Call,
  bucket: Bucket,
  object: NewObject,
): Promise<ObjectVersion> => {
  try {
    const { version, replacedBlobId } = call.objects.put(bucket, object, (current) =>
      checkWrite(call.headers, current),
    );
    if (replacedBlobId !== null) await call.blobs.remove(replacedBlobId);
    return version;
  } catch (error) {
    await call.blobs.remove(object.blobId);
    throw error;
  }
};
