/** What a route about the iSCSI front end is given. A file in this folder exports one of these. */
import type { HttpServer } from "@reelhouse/service-kit";
import type { FrontEnd } from "../../front-end.ts";
import type { House } from "../../house.ts";

export interface IscsiParts {
  readonly frontEnd: FrontEnd;
  readonly house: Pick<House, "robotics">;
}

export type IscsiRoute = (http: HttpServer, parts: IscsiParts) => void;
