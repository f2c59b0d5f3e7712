/** Listening, with a fault that says what an operator must change when the port is taken. */
import assert from "node:assert/strict";
import { ConfigError } from "./config.ts";
import { errorCode } from "./error-code.ts";
import type { HttpApp } from "./http-app.ts";
import { formatAddress, type ListenAddress } from "./settings.ts";

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program listens there already",
  EACCES: "this user may not listen there",
  EADDRNOTAVAIL: "this machine has no such address",
};

/** The error of a failed listen, in an operator's words, if it is one of theirs. */
export const listenFault = (error: unknown, setting: string, address: ListenAddress): unknown => {
  const reason = reasons[errorCode(error) ?? ""];
  return reason === undefined
    ? error
    : new ConfigError([
        `${setting}: cannot listen on ${formatAddress(address)}: ${reason}. To fix: stop that program, or set ${setting} to another host:port.`,
      ]);
};

/** Listens and says where really: port 0 becomes the port the system gave. Throws ConfigError when it cannot. */
export const listen = async (
  app: Pick<HttpApp, "listen" | "server">,
  address: ListenAddress,
  setting: string,
): Promise<ListenAddress> => {
  try {
    await app.listen({ host: address.host, port: address.port });
  } catch (error) {
    throw listenFault(error, setting, address);
  }
  const bound = app.server.address();
  assert(bound !== null && typeof bound === "object", "a listening TCP server has an address");
  return { host: address.host, port: bound.port };
};
