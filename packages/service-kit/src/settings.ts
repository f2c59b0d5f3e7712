/** The kinds of value a setting can have: text of the environment in, typed value out. Units as in the names. */
import { z } from "zod";

/** Where to listen, or to connect. An IPv6 host stands without its brackets. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const portMax = 65535;

const parseAddress = (text: string): ListenAddress | null => {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^[\]:\s]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host === undefined || port > portMax ? null : { host, port };
};

/** `host:port`, an IPv6 host in brackets. */
export const formatAddress = ({ host, port }: ListenAddress): string =>
  host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;

export const listenAddress = z.string().transform((text, context): ListenAddress => {
  const address = parseAddress(text);
  if (address !== null) return address;
  context.addIssue({ code: "custom", message: "is not host:port" });
  return z.NEVER;
});

/** Where an iSCSI portal listens, or is reached, and the portal group it belongs to (RFC 7143 4.2.8). */
export interface PortalAddress extends ListenAddress {
  readonly portalGroupTag: number;
}

const portalGroupTagMax = 65535;
const portalGroupTagDefault = 1;
const portalsMax = 16;

const parsePortal = (text: string): PortalAddress | null => {
  const match = /^([^@]*)(?:@(\d{1,5}))?$/.exec(text.trim());
  const address = parseAddress(match?.[1] ?? "");
  const portalGroupTag = Number(match?.[2] ?? portalGroupTagDefault);
  const isTag = portalGroupTag >= 1 && portalGroupTag <= portalGroupTagMax;
  return address === null || !isTag ? null : { ...address, portalGroupTag };
};

/** `host:port[@tag]`, one or several between commas. */
export const portalAddresses = z
  .string()
  .transform((text, context): readonly [PortalAddress, ...PortalAddress[]] => {
    const portals = text.split(",").map(parsePortal);
    const [first, ...others] = portals.filter((portal) => portal !== null);
    if (first !== undefined && others.length + 1 === portals.length && portals.length <= portalsMax)
      return [first, ...others];
    const message = `is not a list of at most ${portalsMax} host:port or host:port@tag`;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });

/** As `portalAddresses` reads it. */
export const formatPortals = (portals: readonly PortalAddress[]): string =>
  portals
    .map(({ portalGroupTag, ...address }) =>
      portalGroupTag === portalGroupTagDefault
        ? formatAddress(address)
        : `${formatAddress(address)}@${portalGroupTag}`,
    )
    .join(",");

const byteUnits: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

const parseByteSize = (text: string): number | null => {
  const match = /^(\d{1,16}) ?(B|KiB|MiB|GiB|TiB)?$/.exec(text.trim());
  if (match === null) return null;
  const unitBytes = byteUnits[match[2] ?? "B"] ?? NaN;
  const size = Number(match[1]) * unitBytes;
  return Number.isSafeInteger(size) ? size : null;
};

/** A count of bytes, within [min, max] where given. */
export const byteSize = (limits: { min?: number; max?: number } = {}) =>
  z.string().transform((text, context): number => {
    const size = parseByteSize(text);
    const { min = 0, max = Number.MAX_SAFE_INTEGER } = limits;
    if (size !== null && size >= min && size <= max) return size;
    const message = size === null ? "is not a size" : `must lie between ${min} and ${max} bytes`;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });

/** A whole number of the environment's text, within [min, max]. */
export const wholeNumber = (limits: { min: number; max: number }) =>
  z.string().transform((text, context): number => {
    const number = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
    if (number >= limits.min && number <= limits.max) return number;
    const message = `is not a whole number from ${limits.min} to ${limits.max}`;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });

const url = (protocols: readonly string[], what: string) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `is not ${what}`,
  });

export const httpUrl = url(["http:", "https:"], "an http or https URL");
export const queueUrl = url(
  ["postgresql:", "postgres:", "redis:", "rediss:"],
  "a postgresql or redis URL",
);
export const databaseUrl = url(["postgresql:", "postgres:"], "a postgresql URL");
export const bucketName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "is not a bucket name");
/** Part of an object key; may be empty, has no / at either end. */
export const keyPrefix = z
  .string()
  .regex(/^(?!\/)[A-Za-z0-9!_.*'()/-]*(?<!\/)$/, "is not a key prefix");
/** Vendor, product and revision of standard INQUIRY data (SPC-4 6.6.2), as `vendor:product[:revision]`. */
export interface DeviceModel {
  readonly vendor: string;
  readonly product: string;
  /** Left out: the one that the make is known for. */
  readonly revision: string | undefined;
}

export const deviceModel = z.string().transform((text, context): DeviceModel => {
  const match = /^([ -9;-~]{1,8}):([ -9;-~]{1,16})(?::([ -9;-~]{1,4}))?$/.exec(text);
  const [, vendor, product, revision] = match ?? [];
  if (vendor !== undefined && product !== undefined) return { vendor, product, revision };
  context.addIssue({ code: "custom", message: "is not vendor:product or vendor:product:revision" });
  return z.NEVER;
});

export const awsRegion = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d{1,2}$/, "is not a region's name");

export const logLevel = z.enum(["trace", "debug", "info", "warn", "error", "fatal"]);
export type LogLevel = z.infer<typeof logLevel>;
