/** Everything between the gateway and the vault: keys, uploads, manifests. One queue connection serves them all. */
import { uploadSegment } from "@reelhouse/contracts";
import type { EventBody } from "@reelhouse/contracts";
import { connectQueue } from "@reelhouse/service-kit";
import type { Logger } from "@reelhouse/service-kit";
import type { Vault } from "@reelhouse/vault";
import type { Media } from "../media/media.ts";
import { createManifests } from "./manifests.ts";
import { createUploads } from "./uploads.ts";
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
  readonly library: string;
  readonly queueUrl: string;
  readonly media: Media;
  readonly mediaDirectory: string;
  readonly vault: Vault;
  readonly logger: Logger;
  emit(body: EventBody): void;
  now(): Date;
}

export function openVaultLink(options: VaultLinkOptions): VaultLink {
  const { library, media, vault, logger, emit } = options;
  const connection = connectQueue(options.queueUrl, logger);
  const queue = connection.queue(uploadSegment.queue);
  const events = connection.events(uploadSegment.queue);
  const manifests = createManifests({ ...options, queue, events });
  const uploads = createUploads({
    ...{ library, media, queue, events, logger, emit },
    keys: createVolumeKeys(vault, library),
  });
  return {
    look: uploads.look,
    changed: manifests.changed,
    async close() {
      await uploads.close();
      await manifests.close();
      await connection.close();
    },
  };
}
