/** What a hostile host does with a connection to the portal. Each gets the socket when it is connected. */
import { randomBytes, randomInt } from "node:crypto";
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { BHS_BYTES } from "../src/misbehaviour.ts";

/** Opcodes with the I bit: they take no CmdSN. */
const NOP_OUT = 0x40;
const LOGIN = 0x43;
const TEXT = 0x44;
const FINAL = 0x80;
/** T, CSG and NSG of a Login Request (RFC 7143 11.12). */
const SECURITY_ONLY = 0x00;
const STRAIGHT_TO_FULL_FEATURE = 0x87;
const SECURITY_DONE = 0x81;

const NAME = "iqn.2026-11.org.example:flood";
const BYTE_EVERY_MS = 200;
const RESET_WITHIN_MS = 500;
const FLOOD_PDUS = 2000;

const pdu = (opcode: number, flags: number, keys: readonly string[], isid = 0): Buffer => {
  const text = Buffer.from(keys.map((key) => `${key}\0`).join(""));
  const header = Buffer.alloc(BHS_BYTES);
  header[0] = opcode;
  header[1] = flags;
  header.writeUIntBE(text.byteLength, 5, 3);
  // In a login bytes 8 to 13 are the ISID: a session of its own for each.
  if (opcode === LOGIN) header.writeUIntBE(isid, 10, 4);
  header.writeUInt32BE(1, 16);
  if (opcode !== LOGIN) header.writeUInt32BE(0xffff_ffff, 20);
  return Buffer.concat([header, text, Buffer.alloc((4 - (text.byteLength % 4)) % 4)]);
};
const anyIsid = (): number => randomInt(2 ** 32);

const discoveryLogin = () =>
  pdu(
    LOGIN,
    STRAIGHT_TO_FULL_FEATURE,
    [`InitiatorName=${NAME}`, "SessionType=Discovery"],
    anyIsid(),
  );

const questions = Buffer.concat(
  Array.from({ length: FLOOD_PDUS }, (_, index) =>
    index % 2 === 0 ? pdu(NOP_OUT, FINAL, []) : pdu(TEXT, FINAL, ["SendTargets=All"]),
  ),
);

export interface Aim {
  /** A target that wants CHAP. */
  readonly chapTarget: string;
}

type Attack = (socket: Socket, aim: Aim) => Promise<void> | void;

/** A login that never ends, a byte at a time. */
const slowLogin: Attack = async (socket, { chapTarget }) => {
  const login = pdu(LOGIN, SECURITY_DONE, [`InitiatorName=${NAME}`, `TargetName=${chapTarget}`]);
  for (const byte of login) {
    if (socket.destroyed) return;
    socket.write(Uint8Array.of(byte));
    await delay(BYTE_EVERY_MS);
  }
};

/** Logs in with a secret that it made up. */
const wrongSecret: Attack = (socket, { chapTarget }) => {
  const isid = anyIsid();
  const names = [`InitiatorName=${NAME}`, `TargetName=${chapTarget}`, "AuthMethod=CHAP"];
  const steps = [
    names,
    ["CHAP_A=7,5"],
    ["CHAP_N=flood", `CHAP_R=0x${randomBytes(32).toString("hex")}`],
  ].map((keys) => pdu(LOGIN, SECURITY_ONLY, keys, isid));
  const next = () => {
    const step = steps.shift();
    if (step !== undefined) socket.write(step);
  };
  socket.on("data", next);
  next();
};

/** Breaks off without a word, somewhere in a login, a text or a ping. */
const reset: Attack = async (socket) => {
  const bytes = Buffer.concat([discoveryLogin(), questions.subarray(0, randomInt(1, 4096))]);
  socket.write(bytes.subarray(0, randomInt(1, bytes.byteLength)));
  await delay(randomInt(RESET_WITHIN_MS));
  if (!socket.destroyed) socket.resetAndDestroy();
};

/** Asks and asks, and takes no answer. */
const neverReads: Attack = (socket) => {
  socket.pause();
  socket.write(discoveryLogin());
  const again = (): boolean =>
    socket.write(questions, (error) => {
      if (error === undefined || error === null) setImmediate(again);
    });
  again();
};

export const ATTACKS = {
  "says nothing": () => undefined,
  "logs in by the byte": slowLogin,
  "logs in with a wrong secret": wrongSecret,
  "resets in mid-PDU": reset,
  "sends garbage": (socket) => void socket.write(randomBytes(4096)),
  "asks and never reads": neverReads,
} as const satisfies Readonly<Record<string, Attack>>;
export type AttackName = keyof typeof ATTACKS;
