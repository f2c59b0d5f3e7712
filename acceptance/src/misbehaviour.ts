/** Bytes that no initiator would send, and ways to send them. */
import { once } from "node:events";
import { connect } from "node:net";
import type { OutgoingPdu, Portal } from "@reelhouse/testing";

/** Of a basic header segment. */
export const BHS_BYTES = 48;
const CLOSE_TIMEOUT_MS = 30_000;

/** Sends the bytes and answers with all that came until the target closed. Throws when it does not close. */
export const sendUntilClosed = async (portal: Portal, bytes: Uint8Array): Promise<Buffer> => {
  const socket = connect(portal);
  const received: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => received.push(chunk));
  // A reset is a way to close.
  socket.on("error", () => undefined);
  const closed = once(socket, "close", { signal: AbortSignal.timeout(CLOSE_TIMEOUT_MS) });
  socket.write(bytes);
  await closed;
  return Buffer.concat(received);
};

/** A PDU header sent for immediate delivery, so that it takes no CmdSN. */
export const immediateHeader = (
  opcode: number,
  fields: Readonly<Record<number, number>> = {},
): Buffer => {
  const header = Buffer.alloc(BHS_BYTES);
  header[0] = 0x40 | opcode;
  header[1] = 0x80;
  header.writeUInt32BE(0x7777_0001, 16);
  for (const [offset, value] of Object.entries(fields)) header[Number(offset)] = value;
  return header;
};

/** The login's and everything else's PDUs, changed where `opcode` stands in the first byte. */
export const tampering =
  (opcode: number, change: (header: Buffer) => void) =>
  (pdu: OutgoingPdu): OutgoingPdu => {
    if (((pdu.header[0] ?? 0) & 0x3f) === opcode) change(pdu.header);
    return pdu;
  };
