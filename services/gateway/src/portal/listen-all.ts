/** One TCP server for each address; all listen, or none does. */
import assert from "node:assert/strict";
import net from "node:net";
import { ConfigError, listenFault } from "@reelhouse/service-kit";
import type { PortalAddress } from "@reelhouse/service-kit";

/** A burst of hosts that come back waits here, not at their side. */
const backlog = 511;

export interface Listening {
  readonly servers: readonly net.Server[];
  /** Where they really listen: port 0 becomes the port the system gave. */
  readonly addresses: readonly PortalAddress[];
}

/** Throws ConfigError that names each address that cannot be had. */
export async function listenAll(
  wanted: readonly PortalAddress[],
  accept: (accepted: net.Socket, portal: PortalAddress) => void,
  failed: (error: Error) => void,
): Promise<Listening> {
  const servers: net.Server[] = [];
  const addresses: PortalAddress[] = [];
  const faults: string[] = [];
  for (const address of wanted) {
    const server = net.createServer({ pauseOnConnect: true, allowHalfOpen: false });
    try {
      const portal = { ...address, port: await listening(server, address, wanted) };
      server.on("connection", (accepted) => accept(accepted, portal));
      server.on("error", failed);
      servers.push(server);
      addresses.push(portal);
    } catch (error) {
      const fault = listenFault(error, "REELHOUSE_ISCSI_LISTEN", address);
      if (!(fault instanceof ConfigError)) throw fault;
      faults.push(...fault.faults);
    }
  }
  if (faults.length === 0) return { servers, addresses };
  for (const server of servers) server.close();
  throw new ConfigError(faults);
}

/** `::` takes IPv4 too, but not beside an address of that family on the same port. */
export const hasIPv4Sibling = (
  { port }: Pick<PortalAddress, "port">,
  portals: readonly PortalAddress[],
): boolean => portals.some((other) => !other.host.includes(":") && other.port === port);

async function listening(
  server: net.Server,
  { host, port }: PortalAddress,
  wanted: readonly PortalAddress[],
): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    const ipv6Only = hasIPv4Sibling({ port }, wanted);
    server.listen({ host, port, backlog, ipv6Only }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const bound = server.address();
  assert(bound !== null && typeof bound === "object", "a listening TCP server has an address");
  return bound.port;
}
