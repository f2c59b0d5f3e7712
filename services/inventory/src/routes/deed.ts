/** What the audit keeps of a request by the operator. */
import type { Deed } from "../store/audit.ts";

export const deedOf = (
  request: { readonly id: string; readonly ip: string },
  action: string,
  subject: string,
  details: Deed["details"],
): Deed => ({
  requestId: request.id,
  principal: "admin",
  action,
  subject,
  details,
  remoteAddress: request.ip,
});
