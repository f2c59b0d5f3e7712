/** A way to the portal that breaks when it is asked to: connections are reset on both sides, as a firewall or a dying switch does. */
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

const LOOPBACK = "127.0.0.1";

export interface Relay {
  readonly port: number;
  /** Resets every connection, and forgets what `resetAfter` asked for; answers how many there were. */
  reset(): number;
  /** The same each time that `bytes` more have come from the initiators, amid a PDU, wherever that may be: so often. */
  resetAfter(bytes: number, times?: number): void;
  /** Resets every connection, and nobody listens until `milliseconds` have passed. */
  cut(milliseconds: number): number;
  close(): Promise<void>;
}

export const startRelay = async (portalPort: number): Promise<Relay> => {
  const sockets = new Set<Socket>();
  let armed = { bytes: Infinity, bytesLeft: Infinity, times: 0 };
  let returns: NodeJS.Timeout | undefined;
  const resetAfter = (bytes: number, times = 1) => {
    armed =
      times === 0
        ? { bytes: Infinity, bytesLeft: Infinity, times }
        : { bytes, bytesLeft: bytes, times };
  };
  const resetAll = (): number => {
    const connections = sockets.size / 2;
    for (const socket of sockets) socket.resetAndDestroy();
    sockets.clear();
    return connections;
  };
  const reset = (): number => {
    resetAfter(0, 0);
    return resetAll();
  };
  /** Gives `from`'s bytes to `to`, and its end. An error is the end too: which one, is of no interest here. */
  const pass = (from: Socket, to: Socket, take: (bytes: Buffer) => Buffer) => {
    sockets.add(from);
    from.on("data", (bytes) => {
      if (to.write(take(bytes))) return;
      from.pause();
      to.once("drain", () => from.resume());
    });
    from.on("error", () => {});
    from.on("close", () => {
      sockets.delete(from);
      to.destroy();
    });
  };
  const counted = (bytes: Buffer): Buffer => {
    const passed = bytes.subarray(0, Math.min(bytes.byteLength, armed.bytesLeft));
    armed.bytesLeft -= passed.byteLength;
    if (armed.bytesLeft > 0) return passed;
    resetAfter(armed.bytes, armed.times - 1);
    // What was given on so far goes out first.
    setImmediate(resetAll);
    return passed;
  };
  const server = createServer((socket) => {
    const portal = connect({ host: LOOPBACK, port: portalPort, noDelay: true });
    socket.setNoDelay(true);
    pass(socket, portal, counted);
    pass(portal, socket, (bytes) => bytes);
  });
  const listen = (atPort: number) =>
    new Promise<void>((resolve) => server.listen(atPort, LOOPBACK, resolve));
  const stopListening = () => {
    clearTimeout(returns);
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  await listen(0);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server's address is never a path
  const { port } = server.address() as AddressInfo;
  return {
    port,
    reset,
    resetAfter,
    cut: (milliseconds) => {
      void stopListening();
      returns = setTimeout(() => void listen(port), milliseconds);
      return reset();
    },
    close: async () => {
      reset();
      await stopListening();
    },
  };
};
