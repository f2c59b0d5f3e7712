/** The initiator's front door: open a session, or ask a portal which targets it has. */
import { randomBytes } from "node:crypto";
import type { ChapCredentials } from "./chap.ts";
import { IscsiError } from "./errors.ts";
import { login, type LoginOptions } from "./login.ts";
import { DEFAULT_WISHES, type Wishes } from "./parameters.ts";
import { Session } from "./session.ts";
import { type Tamper, Transport } from "./transport.ts";

export interface Portal {
  readonly host: string;
  readonly port: number;
}

export interface ConnectOptions extends Partial<Wishes> {
  readonly portal: Portal;
  readonly initiatorName?: string;
  /** 6 bytes; random (type 10b) unless told. The same one again means session reinstatement. */
  readonly isid?: Uint8Array;
  readonly tsih?: number;
  readonly cid?: number;
  readonly chap?: ChapCredentials;
  readonly extraKeys?: readonly (readonly [string, string])[];
  readonly skipSecurityStage?: boolean;
  readonly tamper?: Tamper;
  readonly timeoutMs?: number;
}

export interface DiscoveredTarget {
  readonly targetName: string;
  /** `host:port,portalGroupTag` */
  readonly addresses: readonly string[];
}

const DEFAULT_INITIATOR_NAME = "iqn.2026-11.io.reelhouse:testing";
const LOGIN_TIMEOUT_MS = 15_000;
const ISCSI_PORT = 3260;

/** `host:port` or `[v6]:port`; the port may be left out. */
export const parsePortal = (text: string): Portal => {
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined) throw new IscsiError("usage", `"${text}" is no portal`);
  return { host, port: Number(match?.[3] ?? ISCSI_PORT) };
};

/** ISID of type 2 (random): T=10b, 24 random bits, qualifier (11.12.5). */
const randomIsid = (): Uint8Array => Uint8Array.of(0x80, ...randomBytes(3), ...randomBytes(2));

const open = async (
  options: ConnectOptions,
  kind: Pick<LoginOptions, "sessionType" | "targetName">,
): Promise<Session> => {
  const wishes = { ...DEFAULT_WISHES, ...options };
  const transport = await Transport.connect({
    ...options.portal,
    receiveDataLengthMax: wishes.maxRecvDataSegmentLength,
    tamper: options.tamper,
  });
  try {
    const result = await login(transport, {
      ...kind,
      ...options,
      initiatorName: options.initiatorName ?? DEFAULT_INITIATOR_NAME,
      isid: options.isid ?? randomIsid(),
      tsih: options.tsih ?? 0,
      cid: options.cid ?? 0,
      wishes,
      timeoutMs: options.timeoutMs ?? LOGIN_TIMEOUT_MS,
    });
    return new Session(transport, result);
  } catch (error) {
    transport.end();
    throw error;
  }
};

/** Logs in to a target (normal session). Throws IscsiError. */
export const openSession = (
  options: ConnectOptions & { readonly targetName: string },
): Promise<Session> => open(options, { sessionType: "Normal", targetName: options.targetName });

/** Opens a discovery session and leaves it open, for tests of what may be done there. */
export const openDiscoverySession = (options: ConnectOptions): Promise<Session> =>
  open(options, { sessionType: "Discovery" });

/** SendTargets=All in a discovery session of its own. */
export const discover = async (options: ConnectOptions): Promise<DiscoveredTarget[]> => {
  const session = await openDiscoverySession(options);
  const targets: { targetName: string; addresses: string[] }[] = [];
  for (const [key, value] of await session.text([["SendTargets", "All"]])) {
    if (key === "TargetName") targets.push({ targetName: value, addresses: [] });
    if (key === "TargetAddress") targets.at(-1)?.addresses.push(value);
  }
  await session.logout();
  return targets;
};
