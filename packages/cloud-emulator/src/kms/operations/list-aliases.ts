/** ListAliases, in one page. */
import type { KmsOperation } from "../operation.ts";

export const listAliases: KmsOperation = {
  name: "ListAliases",
  execute: (_request, keys) => ({
    Aliases: keys.aliases().map(({ name, keyId }) => ({
      AliasName: name,
      AliasArn: keys.aliasArn(name),
      TargetKeyId: keyId,
    })),
    Truncated: false,
  }),
};
