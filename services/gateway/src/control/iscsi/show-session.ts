/** GET /control/v1/iscsi/sessions/{tsih}: one session. */
import { controlSession, iscsiSession } from "@reelhouse/contracts";
import { ServiceError } from "@reelhouse/service-kit";
import type { IscsiRoute } from "./iscsi-route.ts";

export const showSessionRoute: IscsiRoute = ({ app, bearer }, { frontEnd: { sessions } }) => {
  const { path, params } = controlSession;
  app.get(
    path,
    { onRequest: bearer("service"), schema: { params, response: { 200: iscsiSession } } },
    (request) => {
      const found = sessions.list().find(({ tsih }) => tsih === request.params.tsih);
      if (found === undefined) throw new ServiceError("SESSION_NOT_FOUND", { field: "path.tsih" });
      return found;
    },
  );
};
