/** A change of the gateway's front end: its row in the audit, then the gateway is asked. */
import type { z } from "zod";
import { relay, type Relayed } from "../../gateway-relay.ts";
import { audited, type Deed } from "../../store/audit.ts";
import { deedOf } from "../deed.ts";
import type { RouteContext } from "../route.ts";

interface Asked {
  readonly id: string;
  readonly ip: string;
  readonly log: Parameters<typeof audited>[1];
}

export interface Change<Schema extends z.ZodType> extends Relayed<Schema> {
  readonly action: string;
  readonly subject: string;
  /** What the audit keeps of the body: everything but secrets. */
  readonly details?: Deed["details"];
}

export const relayAudited = <Schema extends z.ZodType>(
  { database, gateway }: Pick<RouteContext, "database" | "gateway">,
  request: Asked,
  { action, subject, details = {}, ...relayed }: Change<Schema>,
): Promise<z.infer<Schema>> =>
  audited(database, request.log, deedOf(request, action, subject, details), () =>
    relay(gateway, relayed),
  );
