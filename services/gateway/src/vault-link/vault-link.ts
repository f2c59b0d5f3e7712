/** Everything between the gateway and the vault: keys, uploads, manifests. One queue connection serves them all. */
import { uploadSegment } from "@reelhouse/contracts";
import type { EventBody } from "@reelhouse/contracts";
import { connectQueue, watchQueue } from "@reelhouse/service-kit";
import type { Logger, Metrics } from "@reelhouse/service-kit";
import type { Vault } from "@reelhouse/vault";
import type { LibraryOf } from "../library/library-of.ts";
import type { Media } from "../media/media.ts";
import { Manifests } from "./manifests.ts";
import { Uploads } from "./uploads.ts";
import { createVolumeKeys } from "./volume-keys.ts";

export interface VaultLink {
  /** There may be something new to upload. */
  look(): void;
  /** A volume's manifest is out of date. */
  changed(barcode: string): void;
  close(): Promise<void>;
}

export interface VaultLinkOptions {
  readonly gateway: string;
  /** The name of the library that a volume belongs to. */
  readonly libraryOf: LibraryOf;
  readonly queueUrl: string;
  readonly media: Media;
  readonly mediaDirectory: string;
  readonly vault: Vault;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly emit: (body: EventBody) => void;
  readonly now: () => Date;
}

export function openVaultLink(options: VaultLinkOptions): VaultLink {
  const { libraryOf, media, vault, logger, metrics, emit } = options;
  const connection = connectQueue(options.queueUrl, logger);
  const queue = connection.queue(uploadSegment.queue);
  watchQueue(metrics, uploadSegment.queue, queue);
  const events = connection.events(uploadSegment.queue);
  const manifests = new Manifests({ ...options, queue, events });
  const keys = createVolumeKeys(vault, libraryOf);
  const uploads = new Uploads({ libraryOf, media, keys, queue, events, logger, metrics, emit });
  return {
    look: () => void uploads.look(),
    changed: (barcode) => manifests.changed(barcode),
    async close() {
      await uploads.close();
      await manifests.close();
      await connection.close();
    },
  };
}
