/** TCP servers for each address; all listen, or none does. */
import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import { ConfigError, listenFault } from "@reelhouse/service-kit";
import type { PortalAddress } from "@reelhouse/service-kit";

/** A burst of hosts that come back waits here, not at their side: one that finds no place tries again after 1, 3, 7 seconds. */
const backlog = 511;

/**
 * Servers for one address. Node accepts one connection a turn of its event loop and server, and a turn takes milliseconds when
 * there is much to do: with one server, a flood of connections keeps hosts waiting for longer than they do. The kernel deals
 * connections out among sockets of one port (SO_REUSEPORT, Linux).
 */
const serversPerAddress = process.platform === "linux" ? 8 : 1;

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
    try {
      const opened = await openServers(address, wanted);
      const portal = { ...address, port: opened.port };
      for (const server of opened.servers) {
        server.on("connection", (accepted) => accept(accepted, portal));
        server.on("error", failed);
        servers.push(server);
      }
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

const newServer = (): net.Server =>
  net.createServer({ pauseOnConnect: true, allowHalfOpen: false });

async function openServers(
  { host, port }: PortalAddress,
  wanted: readonly PortalAddress[],
): Promise<{ readonly servers: readonly net.Server[]; readonly port: number }> {
  const ipv6Only = hasIPv4Sibling({ port }, wanted);
  const exact = { host, backlog, ipv6Only };
  // Alone first: it finds the port in use where somebody else listens, who may share it, too.
  const first = newServer();
  const bound = await listening(first, { ...exact, port });
  if (serversPerAddress === 1) return { servers: [first], port: bound };
  first.close();
  await once(first, "close");
  const servers = Array.from({ length: serversPerAddress }, newServer);
  for (const server of servers) await listening(server, { ...exact, port: bound, reusePort: true });
  return { servers, port: bound };
}

async function listening(server: net.Server, options: net.ListenOptions): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const bound = server.address();
  assert(bound !== null && typeof bound === "object", "a listening TCP server has an address");
  return bound.port;
}
