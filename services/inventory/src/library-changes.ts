/**
 * What an operator changes on a library: the gateway does it and keeps it, its events bring it into the catalogue. An
 * answer waits shortly for them, so that the next GET shows what was done.
 */
import {
  addDrive,
  type AddLibraryBody,
  addLibrary,
  changeDrive,
  changeLibrary,
  driveDescription,
  type LibraryOutline,
  libraryOutline,
} from "@reelhouse/contracts";
import { ServiceError } from "@reelhouse/service-kit";
import { z } from "zod";
import type { Database } from "./database.ts";
import type { GatewayClient } from "./gateway-client.ts";
import { relay } from "./gateway-relay.ts";
import { outlineOf } from "./store/library-outlines.ts";
import { waitUntil } from "./tape-wait.ts";

export interface Changing {
  readonly database: Database;
  readonly gateway: Pick<GatewayClient, "ask">;
}

/** A path of the control API with its parameters filled in. */
const filled = (path: string, parameters: Readonly<Record<string, string | number>>): string =>
  path.replace(/:([a-z]+)/gi, (_, name: string) => encodeURIComponent(parameters[name] ?? ""));

const forced = (path: string, force: boolean) => `${path}?force=${force}`;

/** Resolves when the catalogue says of the library what `isTold` waits for, or when it is late. */
const told = async (
  { database }: Changing,
  library: string,
  isTold: (outline: LibraryOutline | undefined) => boolean,
): Promise<void> => {
  await waitUntil(async () => isTold(await outlineOf(database, library)));
};

const saySame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

const sameOutline = (wanted: LibraryOutline) => (known: LibraryOutline | undefined) =>
  saySame(known && libraryOutline.parse(known), wanted);

export async function makeLibrary(changing: Changing, body: AddLibraryBody) {
  const { database, gateway } = changing;
  // Names stand in object keys and in the catalogue: also those of libraries of other gateways are taken.
  if ((await outlineOf(database, body.name)) !== undefined)
    throw new ServiceError("LIBRARY_EXISTS", { field: "body.name" });
  const { path, response } = addLibrary;
  const made = await relay(gateway, { method: "POST", path, body, response });
  await told(changing, body.name, sameOutline(made));
  return made;
}

export async function alterLibrary(changing: Changing, library: string, body: object) {
  const { response } = changeLibrary;
  const path = filled(changeLibrary.path, { library });
  const made = await relay(changing.gateway, { method: "PATCH", path, body, response });
  await told(changing, library, sameOutline(made));
  return made;
}

export async function endLibrary(changing: Changing, library: string, force: boolean) {
  const path = forced(filled(changeLibrary.path, { library }), force);
  await relay(changing.gateway, { method: "DELETE", path, response: z.null() });
  await told(changing, library, (known) => known === undefined);
}

type Drive = z.infer<typeof driveDescription>;

const hasDrive = (drive: Drive) => (known: LibraryOutline | undefined) =>
  known?.drives.some((each) => saySame(driveDescription.parse(each), drive)) === true;

export async function makeDrive(changing: Changing, library: string, body: object) {
  const { response } = addDrive;
  const path = filled(addDrive.path, { library });
  const drive = await relay(changing.gateway, { method: "POST", path, body, response });
  await told(changing, library, hasDrive(drive));
  return drive;
}

export async function alterDrive(
  changing: Changing,
  library: string,
  address: number,
  body: object,
) {
  const { response } = changeDrive;
  const path = filled(changeDrive.path, { library, address });
  const drive = await relay(changing.gateway, { method: "PATCH", path, body, response });
  await told(changing, library, hasDrive(drive));
  return drive;
}

export async function endDrive(
  changing: Changing,
  library: string,
  address: number,
  force: boolean,
) {
  const path = forced(filled(changeDrive.path, { library, address }), force);
  await relay(changing.gateway, { method: "DELETE", path, response: z.null() });
  await told(
    changing,
    library,
    (known) => known?.drives.every((drive) => drive.address !== address) === true,
  );
}
