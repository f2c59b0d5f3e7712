/** The iSCSI target of packages/iscsi with the house's devices behind its names. */
import { IscsiTarget } from "@reelhouse/iscsi";
import type { Observer } from "@reelhouse/iscsi";
import { formatAddress } from "@reelhouse/service-kit";
import type { ListenAddress } from "@reelhouse/service-kit";
import { portalGroupTag } from "../devices/devices.ts";
import type { Devices } from "../devices/devices.ts";
import { drainMs } from "./serve-connection.ts";

/** Commands a session may have outstanding: with 1 MiB of unsolicited data each, what its slabs can hold. */
const commandWindow = 16;

/**
 * `announced`: what discovery tells initiators, for portals behind a published port or address translation; else it is
 * the address by which each came.
 */
export const createTarget = (
  { targets }: Pick<Devices, "targets">,
  announced: ListenAddress | undefined,
  observer: Observer,
): IscsiTarget => {
  const addresses = announced === undefined ? [] : [formatAddress(announced)];
  return new IscsiTarget({
    portalGroupTag,
    targets: () => [...targets.keys()].map((name) => ({ name, addresses })),
    scsiTarget: (name) => targets.get(name),
    commandWindow: () => commandWindow,
    limits: { logoutTimeoutMs: drainMs },
    observer,
  });
};
