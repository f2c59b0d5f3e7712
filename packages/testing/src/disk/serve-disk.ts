/** The RAM disk behind packages/iscsi on a free port of loopback: the product's protocol and device server, none of its portal. */
import net from "node:net";
import { type Authenticator, IscsiTarget } from "@reelhouse/iscsi";
import { ramDisk } from "./ram-disk.ts";

export const DISK_NAME = "iqn.2026-11.io.reelhouse:test-only-disk";
const WINDOW = 32;
const TICK_MS = 500;
/** Nothing is reused here: a chunk is the garbage collector's. */
const chunkOwner = { retain: () => {}, release: () => {} };

export interface ServedDisk {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  close(): Promise<void>;
}

const address = (host = "", port = 0): string => `${host}:${port}`;

function serve(target: IscsiTarget, socket: net.Socket): void {
  const localAddress = address(socket.localAddress, socket.localPort);
  socket.setNoDelay(true);
  const connection = target.accept({
    localAddress,
    remoteAddress: address(socket.remoteAddress, socket.remotePort),
    source: socket.remoteAddress ?? "",
    portalGroupTag: 1,
    announced: [{ address: localAddress, portalGroupTag: 1 }],
    send(views, sent) {
      if (!socket.writable) return sent?.();
      socket.cork();
      for (const [at, view] of views.entries())
        socket.write(view, at === views.length - 1 ? () => sent?.() : undefined);
      socket.uncork();
      return undefined;
    },
    isHeldBack: () => false,
    isTaking: () => false,
    close: () => void socket.end(),
  });
  socket.on("data", (chunk) => connection.receive(chunk, chunkOwner));
  socket.on("error", () => socket.destroy());
  socket.on("close", () => connection.closed());
}

/** Serves until `close`. */
export async function serveDisk(authenticator?: Authenticator): Promise<ServedDisk> {
  const disk = ramDisk(DISK_NAME);
  const target = new IscsiTarget({
    targets: () => [{ name: DISK_NAME, alias: "test only" }],
    scsiTarget: () => disk,
    commandWindow: () => WINDOW,
    ...(authenticator && { authenticator }),
  });
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    serve(target, socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const ticker = setInterval(() => target.tick(performance.now()), TICK_MS);
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("a TCP server has a port");
  return {
    host: bound.address,
    port: bound.port,
    name: DISK_NAME,
    async close() {
      clearInterval(ticker);
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
