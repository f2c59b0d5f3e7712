/** Delivers events to the inventory over HTTP, with the service token. */
import { eventDelivery } from "@reelhouse/contracts";
import type { GatewayEvent } from "@reelhouse/contracts";

/** A delivery is one transaction of at most 500 rows; longer than this, the inventory is in trouble. */
const deliveryTimeoutMs = 15_000;

export interface InventoryLinkOptions {
  readonly url: string;
  readonly gateway: string;
  readonly token: string;
}

/** Answers through which sequence the inventory has stored all. Rejects when it did not take the delivery. */
export const deliverEvents =
  ({ url, gateway, token }: InventoryLinkOptions) =>
  async (
    outboxId: string,
    events: readonly GatewayEvent[],
    signal: AbortSignal,
  ): Promise<number> => {
    const answer = await fetch(new URL(eventDelivery.path, url), {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ gateway, outboxId, events }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(deliveryTimeoutMs)]),
    });
    const text = await answer.text();
    if (!answer.ok)
      throw new Error(`the inventory answered ${answer.status}: ${text.slice(0, 300)}`);
    return eventDelivery.response.parse(JSON.parse(text)).acceptedThrough;
  };
