/** Every S3 operation the emulator does, the more particular before the more general: the router takes the first that fits. */
import type { S3Operation } from "./operation.ts";
import { abortMultipartUpload } from "./operations/abort-multipart-upload.ts";
import { completeMultipartUpload } from "./operations/complete-multipart-upload.ts";
import { copyObject } from "./operations/copy-object.ts";
import { createBucket } from "./operations/create-bucket.ts";
import { createMultipartUpload } from "./operations/create-multipart-upload.ts";
import { deleteBucket } from "./operations/delete-bucket.ts";
import { deleteObject } from "./operations/delete-object.ts";
import { deleteObjectTagging } from "./operations/delete-object-tagging.ts";
import { deleteObjects } from "./operations/delete-objects.ts";
import { getBucketLocation } from "./operations/get-bucket-location.ts";
import { getBucketVersioning } from "./operations/get-bucket-versioning.ts";
import { getObject } from "./operations/get-object.ts";
import { getObjectAttributes } from "./operations/get-object-attributes.ts";
import { getObjectLegalHold } from "./operations/get-object-legal-hold.ts";
import { getObjectLockConfiguration } from "./operations/get-object-lock-configuration.ts";
import { getObjectRetention } from "./operations/get-object-retention.ts";
import { getObjectTagging } from "./operations/get-object-tagging.ts";
import { headBucket } from "./operations/head-bucket.ts";
import { headObject } from "./operations/head-object.ts";
import { listBuckets } from "./operations/list-buckets.ts";
import { listMultipartUploads } from "./operations/list-multipart-uploads.ts";
import { listObjectVersions } from "./operations/list-object-versions.ts";
import { listObjectsV2 } from "./operations/list-objects-v2.ts";
import { listParts } from "./operations/list-parts.ts";
import { putBucketVersioning } from "./operations/put-bucket-versioning.ts";
import { putObject } from "./operations/put-object.ts";
import { putObjectLegalHold } from "./operations/put-object-legal-hold.ts";
import { putObjectLockConfiguration } from "./operations/put-object-lock-configuration.ts";
import { putObjectRetention } from "./operations/put-object-retention.ts";
import { putObjectTagging } from "./operations/put-object-tagging.ts";
import { restoreObject } from "./operations/restore-object.ts";
import { uploadPart } from "./operations/upload-part.ts";

export const S3_OPERATIONS: readonly S3Operation[] = [
  listBuckets,
  getBucketLocation,
  getBucketVersioning,
  putBucketVersioning,
  getObjectLockConfiguration,
  putObjectLockConfiguration,
  listMultipartUploads,
  listObjectVersions,
  deleteObjects,
  listObjectsV2,
  createBucket,
  headBucket,
  deleteBucket,
  getObjectAttributes,
  getObjectRetention,
  putObjectRetention,
  getObjectLegalHold,
  putObjectLegalHold,
  getObjectTagging,
  putObjectTagging,
  deleteObjectTagging,
  restoreObject,
  createMultipartUpload,
  completeMultipartUpload,
  abortMultipartUpload,
  uploadPart,
  listParts,
  copyObject,
  putObject,
  getObject,
  headObject,
  deleteObject,
];
