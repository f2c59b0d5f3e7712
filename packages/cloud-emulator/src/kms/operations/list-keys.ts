/** ListKeys, in one page. */
import type { KmsOperation } from "../operation.ts";

export const listKeys: KmsOperation = {
  name: "ListKeys",
  execute: (_request, keys) => ({
    Keys: keys.list().map((key) => ({ KeyId: key.id, KeyArn: keys.arn(key) })),
    Truncated: false,
  }),
};
