/**
 * A process of its own with many connections to the portal, each opened again soon after it was closed. Its order comes as
 * JSON in its argument; it tells each second what it has, and ends when its parent does.
 */
import { randomInt } from "node:crypto";
import { connect } from "node:net";
import { type Aim, ATTACKS, type AttackName } from "./attacks.ts";

export interface Order extends Aim {
  readonly portal: { readonly host: string; readonly port: number };
  readonly connections: Readonly<Partial<Record<AttackName, number>>>;
  /** Source addresses, each used in its turn. */
  readonly addresses: readonly string[];
}

/** So far, save `open`. */
export interface Tally {
  readonly opened: number;
  readonly closed: number;
  readonly open: number;
}

/** 2,500 a second of 10,000, if the portal takes them so fast. */
const AGAIN_AFTER_MS = { min: 2000, max: 6000 } as const;
const TELL_MS = 500;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by attackers.ts
const order = JSON.parse(process.argv[2] ?? "{}") as Order;
let opened = 0;
let closed = 0;
let turn = 0;

const attack = (name: AttackName): void => {
  const localAddress = order.addresses[turn++ % order.addresses.length];
  const socket = connect({ ...order.portal, ...(localAddress !== undefined && { localAddress }) });
  let isOpen = false;
  socket.once("connect", () => {
    isOpen = true;
    opened += 1;
    // What breaks off broke off: the socket's "close" is what counts.
    void Promise.resolve(ATTACKS[name](socket, order)).catch(() => undefined);
  });
  // Reset and refused are what it wants to see.
  socket.on("error", () => undefined);
  socket.once("close", () => {
    if (isOpen) closed += 1;
    setTimeout(() => attack(name), randomInt(AGAIN_AFTER_MS.min, AGAIN_AFTER_MS.max));
  });
};

for (const [name, count] of Object.entries(order.connections))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of an Order
  for (let index = 0; index < count; index += 1) attack(name as AttackName);

setInterval(() => {
  const tally: Tally = { opened, closed, open: opened - closed };
  process.send?.(tally);
}, TELL_MS);
process.once("disconnect", () => process.exit());
