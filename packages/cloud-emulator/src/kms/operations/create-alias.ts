/** CreateAlias. */
import { KmsError } from "../../errors.ts";
import type { KmsOperation } from "../operation.ts";

const ALIAS = /^alias\/[a-zA-Z0-9/_-]{1,249}$/;

export const createAlias: KmsOperation = {
  name: "CreateAlias",
  execute(request, keys) {
    const name = request.text("AliasName");
    if (!ALIAS.test(name)) throw new KmsError("ValidationException", "AliasName");
    keys.createAlias(name, keys.get(request.text("TargetKeyId")));
    return {};
  },
};
