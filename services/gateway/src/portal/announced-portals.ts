/** Which portals SendTargets names (RFC 7143 Appendix C): those that the initiator, coming from where it came, can reach. */
import { isIPv6 } from "node:net";
import type { TargetPortal } from "@reelhouse/iscsi";
import { formatAddress } from "@reelhouse/service-kit";
import type { PortalAddress } from "@reelhouse/service-kit";
import { hasIPv4Sibling } from "./listen-all.ts";
import { isLinkLocal, isLoopback, plainAddress } from "./source-address.ts";

export interface Arrival {
  /** Ours, at which the connection came. */
  readonly localHost: string;
  /** The portal that took it, one of `portals`. */
  readonly portal: PortalAddress;
}

const everyAddress = new Set(["0.0.0.0", "::"]);

/** `portals`: where we listen; `announced`: what the operator says instead, behind address translation. */
export function announcedPortals(
  { localHost, portal: cameBy }: Arrival,
  portals: readonly PortalAddress[],
  announced: readonly PortalAddress[] | undefined,
): readonly TargetPortal[] {
  const local = plainAddress(localHost);
  const shown =
    announced ??
    portals.flatMap((portal) => {
      if (portal === cameBy) return [{ ...portal, host: local }];
      // A portal on all addresses is there at the address by which this initiator came, too.
      if (everyAddress.has(portal.host))
        return takes(portal, local, portals) ? [{ ...portal, host: local }] : [];
      return isReachable(portal.host, local) ? [portal] : [];
    });
  return shown.map(({ portalGroupTag, ...address }) => ({
    address: formatAddress(address),
    portalGroupTag,
  }));
}

const takes = (portal: PortalAddress, local: string, portals: readonly PortalAddress[]): boolean =>
  isIPv6(portal.host) === isIPv6(local) ||
  (portal.host === "::" && !hasIPv4Sibling(portal, portals));

const isReachable = (host: string, local: string): boolean =>
  !isLinkLocal(host) && (!isLoopback(host) || isLoopback(local));
