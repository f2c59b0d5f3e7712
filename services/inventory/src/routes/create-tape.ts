/** POST /v1/tapes: make an empty tape. Answers with the tape; CREATING when the gateway's event is late. */
import { createTapeBody, tape } from "@reelhouse/contracts";
import { audited } from "../store/audit.ts";
import { createTape } from "../tape-creation.ts";
import { sizeBytesOf } from "../tape-size.ts";
import { adminSecurity, errorResponses, type Route } from "./route.ts";

export const createTapeRoute: Route = (app, { database, gateway, bearer }) => {
  app.post(
    "/v1/tapes",
    {
      onRequest: bearer("admin"),
      schema: {
        summary: "Make an empty tape, of the size its label's format has unless another is given.",
        security: adminSecurity,
        body: createTapeBody,
        response: { 201: tape, ...errorResponses },
      },
    },
    async (request, reply) => {
      const wanted = { ...request.body, sizeBytes: sizeBytesOf(request.body) };
      const deed = {
        requestId: request.id,
        principal: "admin",
        action: "tape.create",
        subject: wanted.barcode,
        details: { ...wanted, library: wanted.library ?? null },
        remoteAddress: request.ip,
      };
      const made = await audited(database, request.log, deed, () =>
        createTape(database, gateway, wanted),
      );
      return reply.code(201).header("location", `/v1/tapes/${made.barcode}`).send(made);
    },
  );
};
