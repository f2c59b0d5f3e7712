/**
 * The gateway's events: written to its outbox in the order they happened, delivered at least once and in that order.
 * `sequence` is dense and grows for ever on one gateway, so a receiver knows a repeat, and a gap, by it.
 */
import { z } from "zod";
import { entityName } from "../ids.ts";
import { cartridgeMoved, libraryDescribed, librariesListed, volumeExported } from "./element.ts";
import * as volume from "./volume.ts";

export const eventBody = z.discriminatedUnion("type", [
  libraryDescribed,
  librariesListed,
  cartridgeMoved,
  volumeExported,
  volume.volumeCreated,
  volume.volumeChanged,
  volume.volumeRemoved,
  volume.volumesListed,
  volume.segmentSealed,
  volume.segmentUploaded,
  volume.segmentEvicted,
  volume.segmentRecalled,
  volume.segmentDropped,
  volume.manifestPublished,
]);
export type EventBody = z.infer<typeof eventBody>;

export const gatewayEvent = z.object({
  sequence: z.int().min(1),
  at: z.iso.datetime(),
  body: eventBody,
});
export type GatewayEvent = z.infer<typeof gatewayEvent>;

/**
 * POST /internal/v1/events: one delivery. The answer says through which sequence all is stored. Without events it is the
 * question alone, which a gateway asks at its start: whether its disk is the one that told what is stored.
 */
export const eventDelivery = {
  path: "/internal/v1/events",
  body: z.object({
    gateway: entityName,
    /** Changes when the gateway's disk was replaced and its count began again. */
    outboxId: z.uuid(),
    events: z.array(gatewayEvent).max(500),
  }),
  response: z.object({ acceptedThrough: z.int().min(0) }),
} as const;
export type EventDelivery = z.infer<typeof eventDelivery.body>;
