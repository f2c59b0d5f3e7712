/**
 * The volumes of this gateway: every folder with a volume.json below the media folder, opened once and kept open.
 *
 * A volume that cannot be opened is damaged: it keeps its name and its place in the library, and its files are left
 * as they are; the other volumes are not held up by it.
 */
import { mkdir } from "node:fs/promises";
import type { CreateVolumeBody } from "@reelhouse/contracts";
import { listVolumes, nodeDisk, removeVolume, Volume } from "@reelhouse/medium";
import type { RepairReport, VolumePorts } from "@reelhouse/medium";

export interface Media {
  /** Of all volumes, damaged ones included. */
  barcodes(): readonly string[];
  has(barcode: string): boolean;
  /** Undefined where there is none, or a damaged one. */
  volume(barcode: string): Volume | undefined;
  volumes(): Iterable<Volume>;
  create(body: Omit<CreateVolumeBody, "element">): Promise<Volume>;
  /**
   * The volume for a drive. One whose writing failed is opened anew first: what is on stable storage is there, and it
   * takes writes again. Rejects for a damaged one, with why.
   */
  thread(barcode: string): Promise<Volume>;
  /** Closes the volume and removes its files. */
  remove(barcode: string): Promise<void>;
  /** Answers whether all that was accepted is on stable storage. */
  close(): Promise<boolean>;
}

export interface MediaOptions {
  readonly directory: string;
  readonly segmentBytesMax: number;
  /** The last process closed them all, and all was stored: what is found need not be made to last once more. */
  readonly isSettled?: boolean;
  /** What each volume asks of the gateway: room, recall, buffers, events. */
  readonly ports: (barcode: string) => VolumePorts;
  /** Told what was repaired of each volume that is opened. */
  readonly repaired: (barcode: string, report: RepairReport) => void;
  /** Told of each volume that cannot be opened. */
  readonly damaged: (barcode: string, error: unknown) => void;
  readonly now: () => Date;
}

export async function openMedia(options: MediaOptions): Promise<Media> {
  const { directory, segmentBytesMax, ports, now } = options;
  await mkdir(directory, { recursive: true });
  const disk = nodeDisk();
  const opened = new Map<string, Volume>();
  const damaged = new Map<string, string>();

  const open = async (barcode: string, isSettled: boolean): Promise<Volume> => {
    const { volume, repaired } = await Volume.open(disk, directory, barcode, ports(barcode), {
      segmentBytesMax,
      isSettled,
    });
    opened.set(barcode, volume);
    damaged.delete(barcode);
    options.repaired(barcode, repaired);
    return volume;
  };

  for (const barcode of await listVolumes(disk, directory)) {
    try {
      await open(barcode, options.isSettled ?? false);
    } catch (error) {
      damaged.set(barcode, String(error));
      options.damaged(barcode, error);
    }
  }

  return {
    barcodes: () => [...opened.keys(), ...damaged.keys()],
    has: (barcode) => opened.has(barcode) || damaged.has(barcode),
    volume: (barcode) => opened.get(barcode),
    volumes: () => opened.values(),
    async create({ barcode, capacityBytes, worm, pool }) {
      const spec = { barcode, capacityBytes, worm, pool, createdAt: now().toISOString() };
      const limits = { segmentBytesMax };
      const volume = await Volume.create(disk, directory, spec, ports(barcode), limits);
      opened.set(barcode, volume);
      return volume;
    },
    async thread(barcode) {
      const volume = opened.get(barcode);
      if (volume === undefined) throw new Error(damaged.get(barcode) ?? `${barcode} has no files`);
      if (volume.failedWrite === undefined) return volume;
      await volume.close();
      return open(barcode, false);
    },
    async remove(barcode) {
      await opened.get(barcode)?.close();
      opened.delete(barcode);
      damaged.delete(barcode);
      await removeVolume(disk, directory, barcode);
    },
    async close() {
      let stored = true;
      for (const volume of opened.values())
        stored = (await volume.close()).kind === "written" && stored;
      return stored;
    },
  };
}
