/** A way to the portal that breaks when it is asked to: connections are reset on both sides, as a firewall or a dying switch does. */
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

const LOOPBACK = "127.0.0.1";
const NOTHING = { bytes: Infinity, bytesLeft: Infinity, times: 0, milliseconds: 0 };

export interface Relay {
  readonly port: number;
  /** Resets every connection, and forgets what `resetAfter` asked for; answers how many there were. */
  reset(): number;
  /**
   * Resets every connection each time that `bytes` more have come from the initiators, amid a PDU, wherever that may be; so
   * often. Nobody listens for `milliseconds` then.
   */
  resetAfter(bytes: number, times?: number, milliseconds?: number): void;
  /** Resets every connection, and nobody listens until `milliseconds` have passed. */
  cut(milliseconds: number): number;
  close(): Promise<void>;
}

export const startRelay = async (portalPort: number): Promise<Relay> => {
  const sockets = new Set<Socket>();
  let armed = NOTHING;
  let returns: NodeJS.Timeout | undefined;
  const resetAfter = (bytes: number, times = 1, milliseconds = 0) => {
    armed = times === 0 ? NOTHING : { bytes, bytesLeft: bytes, times, milliseconds };
  };
  const resetAll = (): number => {
    const connections = sockets.size / 2;
    for (const socket of sockets) socket.resetAndDestroy();
    sockets.clear();
    return connections;
  };
  const reset = (): number => {
    armed = NOTHING;
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
    const { bytes: next, times, milliseconds } = armed;
    resetAfter(next, times - 1, milliseconds);
    // What was given on so far goes out first.
    setImmediate(() => (milliseconds > 0 ? leave(milliseconds) : resetAll()));
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
  const leave = (milliseconds: number): number => {
    void stopListening();
    returns = setTimeout(() => void listen(port), milliseconds);
    return resetAll();
  };
  await listen(0);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server's address is never a path
  const { port } = server.address() as AddressInfo;
  return {
    port,
    reset,
    resetAfter,
    cut: leave,
    close: async () => {
      reset();
      await stopListening();
    },
  };
};
