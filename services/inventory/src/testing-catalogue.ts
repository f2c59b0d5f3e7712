/** For tests: a migrated catalogue of one's own, events as a gateway sends them, and all rows for comparison. */
import type {
  ElementType,
  EventBody,
  EventDelivery,
  SegmentRef,
  VolumeState,
} from "@reelhouse/contracts";
import { type Database, openDatabase } from "./database.ts";
import { migrate } from "./migrate.ts";

export const library = "gw1";
const gateway = "gw1";
export const outboxId = "0b0e7f0e-7c7e-4b58-9a53-0c6b0f9a6f01";
export const otherOutboxId = "0b0e7f0e-7c7e-4b58-9a53-0c6b0f9a6f02";
const epochMs = Date.UTC(2026, 10, 22);

export interface TestCatalogue extends AsyncDisposable {
  readonly database: Database;
}

export async function openTestCatalogue(url: string): Promise<TestCatalogue> {
  await migrate(url);
  const database = openDatabase(url, () => undefined);
  return { database, [Symbol.asyncDispose]: () => database.$disconnect() };
}

/** The time of the event with that number. */
export const eventTime = (sequence: number): string =>
  new Date(epochMs + sequence * 1000).toISOString();

/** Events numbered from `first`. */
export const deliveryOf = (
  bodies: readonly EventBody[],
  { first = 1, outbox = outboxId }: { readonly first?: number; readonly outbox?: string } = {},
): EventDelivery => ({
  gateway,
  outboxId: outbox,
  events: bodies.map((body, index) => ({
    sequence: first + index,
    at: eventTime(first + index),
    body,
  })),
});

const inquiry = (product: string, serialNumber: string) => ({
  vendor: product === "L700" ? "STK" : "IBM",
  product,
  serialNumber,
  targetName: `iqn.2026-11.io.reelhouse:gw1-${serialNumber.toLowerCase()}`,
});

export const drive = { address: 10_000, type: "dataTransfer" } as const;
export const slot = (number: number) => ({ address: 20_000 + number, type: "storage" }) as const;

export const libraryDescribed = (
  occupied: readonly { readonly barcode: string; readonly slot: number }[] = [],
): EventBody => ({
  type: "library.described",
  library,
  changer: inquiry("L700", "CHANGER"),
  drives: [{ address: drive.address, ...inquiry("ULT3580-TD8", "DRIVE01") }],
  ranges: {
    transport: { firstAddress: 0, count: 1 },
    dataTransfer: { firstAddress: drive.address, count: 1 },
    storage: { firstAddress: 20_000, count: 3 },
    importExport: { firstAddress: 30_000, count: 1 },
  },
  occupied: occupied.map((place) => ({ ...slot(place.slot), barcode: place.barcode })),
});

export const volumeState = (barcode: string, state: Partial<VolumeState> = {}): VolumeState => ({
  library,
  barcode,
  generation: 1,
  capacityBytes: 100 * 1024 ** 3,
  worm: false,
  pool: null,
  usedBytes: 0,
  uploadedBytes: 0,
  cachedBytes: 0,
  pendingBytes: 0,
  wrappedKey: null,
  ...state,
});

export const wrappedKey = {
  kmsKeyId: "alias/reelhouse",
  ciphertext: "AAECAw==",
  context: { "reelhouse:library": library },
};

export const segmentRef = (barcode: string, number: number, generation = 1): SegmentRef => ({
  library,
  barcode,
  generation,
  partition: 0,
  number,
});

export const segmentSealed = (segment: SegmentRef, firstObject = 0): EventBody => ({
  type: "segment.sealed",
  segment,
  firstObject,
  endObject: firstObject + 10,
  segmentBytes: 1000,
});

export const segmentUploaded = (segment: SegmentRef): EventBody => ({
  type: "segment.uploaded",
  segment,
  receipt: {
    bucket: "reelhouse",
    key: `${library}/${segment.barcode}/${segment.number}`,
    etag: `"etag-${segment.number}"`,
    versionId: null,
    storageClass: "STANDARD",
    objectBytes: 900,
    objectCrc32c: "0badcafe",
    objectSha256: "ab".repeat(32),
    segmentBytes: 1000,
    segmentSha256: "cd".repeat(32),
    uploadedAt: eventTime(0),
  },
});

export const cartridgeMoved = (
  barcode: string,
  destination: { readonly address: number; readonly type: ElementType } | null,
): EventBody => ({
  type: "cartridge.moved",
  library,
  barcode,
  source: null,
  destination,
  cause: "initiator",
  initiatorName: "iqn.2026-11.example:host",
});

export const volumeExported = (barcode: string, address = 30_000): EventBody => ({
  type: "volume.exported",
  library,
  barcode,
  element: { address, type: "importExport" },
  initiatorName: "iqn.2026-11.example:host",
});

const text = (_key: string, value: unknown) => (typeof value === "bigint" ? `${value}n` : value);

/** Every row of the catalogue, in one order. */
export async function dump(database: Database): Promise<string> {
  const tables = await Promise.all([
    database.gateway.findMany({ orderBy: { name: "asc" } }),
    database.outbox.findMany({ orderBy: { outboxId: "asc" } }),
    database.library.findMany({ orderBy: { name: "asc" } }),
    database.drive.findMany({ orderBy: { address: "asc" } }),
    database.element.findMany({ orderBy: { address: "asc" } }),
    database.tape.findMany({ orderBy: { barcode: "asc" } }),
    database.segment.findMany({
      orderBy: [{ barcode: "asc" }, { generation: "asc" }, { number: "asc" }],
    }),
    database.manifest.findMany({ orderBy: [{ barcode: "asc" }, { sequence: "asc" }] }),
    database.move.findMany({ orderBy: { sequence: "asc" } }),
  ]);
  return JSON.stringify(tables, text, 1);
}

/** Empties every table. */
export async function clear(database: Database): Promise<void> {
  await database.$executeRaw`TRUNCATE gateways, outboxes, libraries, drives, elements, tapes, segments, manifests, moves, audit`;
}
