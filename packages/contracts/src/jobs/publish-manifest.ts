/**
 * Job publish-manifest: put one manifest of a volume beside its segments. Written after the segments it names, never
 * overwritten. Id: the manifest's key. The same manifest twice is harmless; another one at the same key is a fault.
 */
import { z } from "zod";
import { sha256Hex } from "../ids.ts";
import { manifest } from "../manifest.ts";

export const publishManifest = {
  queue: "upload",
  name: "publish-manifest",
  payload: z.object({
    /** The manifest's file, relative to the media folder. */
    path: z.string().min(1),
    sha256: sha256Hex,
    library: manifest.shape.library,
    barcode: manifest.shape.barcode,
    generation: manifest.shape.generation,
    sequence: manifest.shape.sequence,
  }),
  result: z.object({
    key: z.string().min(1),
    etag: z.string().min(1),
    publishedAt: z.iso.datetime(),
  }),
} as const;
export type PublishManifestPayload = z.infer<typeof publishManifest.payload>;
export type PublishManifestResult = z.infer<typeof publishManifest.result>;
