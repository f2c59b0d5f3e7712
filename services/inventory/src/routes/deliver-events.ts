/**
 * POST /internal/v1/events: a gateway delivers. The answer says through which number all is stored; the gateway goes
 * on after it, whether that is further or less far than what it sent.
 */
import { eventDelivery } from "@reelhouse/contracts";
import type { FastifyBaseLogger } from "fastify";
import { acceptDelivery, type DeliveryOutcome } from "../events/delivery.ts";
import type { Route } from "./route.ts";

/** library.described of a full library (65,536 elements) is some 5 MB. */
const bodyBytesMax = 8 * 1024 ** 2;

function logOutcome(log: FastifyBaseLogger, gateway: string, outcome: DeliveryOutcome): void {
  const { outboxBefore, left, acceptedThrough, surprises } = outcome;
  if (outboxBefore !== null) {
    log.warn(
      { event: "outbox-changed", gateway, outboxBefore },
      "the gateway speaks from another disk",
    );
  }
  if (left > 0) {
    log.warn(
      { event: "events-missing", gateway, acceptedThrough, left },
      "events before these are missing",
    );
  }
  for (const { what, sequence, details } of surprises) {
    log.warn({ event: "event-surprise", gateway, sequence, details }, what);
  }
}

export const deliverEventsRoute: Route = (app, { database, bearer, metrics }) => {
  const applied = metrics.counter("events_applied_total", "Events applied to the catalogue.", [
    "type",
  ]);
  const repeated = metrics.counter(
    "events_repeated_total",
    "Events delivered again and passed over.",
  );
  const left = metrics.counter(
    "events_left_total",
    "Events not applied because earlier ones are missing.",
  );
  const surprises = metrics.counter(
    "event_surprises_total",
    "Events that did not fit the catalogue.",
  );
  app.post(
    eventDelivery.path,
    {
      onRequest: bearer("service"),
      bodyLimit: bodyBytesMax,
      schema: { hide: true, body: eventDelivery.body, response: { 200: eventDelivery.response } },
    },
    async ({ body, log }) => {
      const outcome = await acceptDelivery(database, body);
      logOutcome(log, body.gateway, outcome);
      for (const [type, count] of Object.entries(outcome.applied)) applied.inc({ type }, count);
      repeated.inc(outcome.repeated);
      left.inc(outcome.left);
      surprises.inc(outcome.surprises.length);
      return { acceptedThrough: outcome.acceptedThrough };
    },
  );
};
