/**
 * Ports are settled before anything starts: services must know one another's addresses, and a port in use should end
 * the start at once, with the setting to change. Port 0 becomes a free port here, so that it stays when a service is
 * started again.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { ConfigError, listenFault, type ListenAddress } from "@reelhouse/service-kit";
import { LISTENERS, type Addresses, type Listener } from "./config.ts";

const hold = async (address: ListenAddress, setting: string): Promise<Server> => {
  const server = createServer();
  try {
    server.listen({ host: address.host, port: address.port });
    await once(server, "listening");
    return server;
  } catch (error) {
    throw listenFault(error, setting, address);
  }
};

const portOf = (server: Server): number => {
  const address = server.address();
  assert(address !== null && typeof address === "object", "a listening TCP server has an address");
  return address.port;
};

/** Tries every address of `wanted`; throws ConfigError with all that cannot be had. Nothing is held afterwards. */
export const settleAddresses = async (
  wanted: Addresses,
  used: readonly Listener[],
): Promise<Addresses> => {
  const held: Server[] = [];
  const faults: string[] = [];
  const settled: { -readonly [Key in Listener]: Addresses[Key] } = { ...wanted };
  const settleOne = async <Address extends ListenAddress>(
    address: Address,
    listener: Listener,
  ): Promise<Address> => {
    const server = await hold(address, LISTENERS[listener]);
    held.push(server);
    return { ...address, port: portOf(server) };
  };
  const settle = async (listener: Listener): Promise<void> => {
    if (listener !== "iscsiListen") {
      settled[listener] = await settleOne(wanted[listener], listener);
      return;
    }
    const portals = [];
    for (const portal of wanted.iscsiListen) portals.push(await settleOne(portal, listener));
    settled.iscsiListen = portals;
  };
  try {
    for (const listener of used) {
      try {
        await settle(listener);
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        faults.push(...error.faults);
      }
    }
  } finally {
    await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return settled;
};
