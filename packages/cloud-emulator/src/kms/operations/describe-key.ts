/** DescribeKey. */
import { keyMetadata } from "../keys.ts";
import type { KmsOperation } from "../operation.ts";

export const describeKey: KmsOperation = {
  name: "DescribeKey",
  execute: (request, keys) => ({ KeyMetadata: keyMetadata(keys, keys.get(request.text("KeyId"))) }),
};
