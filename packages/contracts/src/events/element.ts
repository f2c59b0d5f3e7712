/** What the inventory must know of a library's elements. Addresses are SMC-3 element addresses. */
import { z } from "zod";
import { barcode, entityName } from "../ids.ts";

export const elementType = z.enum(["transport", "dataTransfer", "storage", "importExport"]);
export type ElementType = z.infer<typeof elementType>;

export const elementPlace = z.object({ address: z.int().min(0).max(65535), type: elementType });

/** A medium changer or drive, as INQUIRY and discovery show it. */
export const deviceDescription = z.object({
  vendor: z.string(),
  product: z.string(),
  serialNumber: z.string(),
  targetName: z.string(),
});
export const elementRanges = z.record(
  elementType,
  z.object({ firstAddress: z.int(), count: z.int() }),
);
export const driveDescription = deviceDescription.extend({ address: z.int() });

/** A library as it stands: sent at every start of a gateway and whenever its shape changes. Replaces all before. */
export const libraryDescribed = z.object({
  type: z.literal("library.described"),
  library: entityName,
  changer: deviceDescription,
  drives: z.array(driveDescription),
  ranges: elementRanges,
  occupied: z.array(elementPlace.extend({ barcode })),
});

/**
 * The libraries the gateway has: any other it had is no more, and no cartridge was in it. Sent when one goes, and at every
 * start.
 */
export const librariesListed = z.object({
  type: z.literal("libraries.listed"),
  libraries: z.array(entityName),
});

/**
 * A host carried a cartridge into an import/export element: it wants the tape out of the library, which is what archives
 * it. Never for a move out of there or within, nor by an operator. Follows its cartridge.moved, and is told again with
 * every description of the library for as long as the cartridge lies there, so a receiver takes repeats.
 */
export const volumeExported = z.object({
  type: z.literal("volume.exported"),
  library: entityName,
  barcode,
  element: elementPlace,
  /** The host's iSCSI name. */
  initiatorName: z.string().nullable(),
});

/** A cartridge went from one element to another; `source` is null when it came into being there. */
export const cartridgeMoved = z.object({
  type: z.literal("cartridge.moved"),
  library: entityName,
  barcode,
  source: elementPlace.nullable(),
  destination: elementPlace.nullable(),
  /** `initiator`: MOVE MEDIUM of a host (its iSCSI name in `initiatorName`); `operator`: over the API. */
  cause: z.enum(["initiator", "operator"]),
  initiatorName: z.string().nullable(),
});
