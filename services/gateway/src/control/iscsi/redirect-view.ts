/** Where logins to a target are sent instead, as it is shown. */
import type { TargetRedirectView } from "@reelhouse/contracts";
import type { FrontEnd } from "../../front-end.ts";

export const viewRedirect = (
  { redirects }: Pick<FrontEnd, "redirects">,
  targetName: string,
): TargetRedirectView => ({ targetName, redirect: redirects.of(targetName) ?? null });
