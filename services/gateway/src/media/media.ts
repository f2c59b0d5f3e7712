/** The volumes of this gateway: every folder with a volume.json below the media folder, opened once and kept open. */
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { CreateVolumeBody } from "@reelhouse/contracts";
import { nodeDisk, Volume } from "@reelhouse/medium";
import type { RepairReport, VolumePorts } from "@reelhouse/medium";
import { syncDirectory } from "@reelhouse/service-kit";

export interface Media {
  barcodes(): readonly string[];
  has(barcode: string): boolean;
  volume(barcode: string): Volume | undefined;
  volumes(): Iterable<Volume>;
  create(body: Omit<CreateVolumeBody, "element">): Promise<Volume>;
  /** Closes the volume and removes its files. */
  remove(barcode: string): Promise<void>;
  close(): Promise<void>;
}

export interface MediaOptions {
  readonly directory: string;
  readonly segmentBytesMax: number;
  /** What each volume asks of the gateway: room, recall, buffers, events. */
  readonly ports: (barcode: string) => VolumePorts;
  /** Told of every volume that a crash had left in need of repair. */
  readonly repaired: (barcode: string, report: RepairReport) => void;
  readonly now: () => Date;
}

const isVolume = (directory: string, name: string): Promise<boolean> =>
  stat(path.join(directory, name, "volume.json")).then(
    () => true,
    () => false,
  );

export async function openMedia({
  directory,
  segmentBytesMax,
  ports,
  repaired,
  now,
}: MediaOptions): Promise<Media> {
  await mkdir(directory, { recursive: true });
  const disk = nodeDisk();
  const open = new Map<string, Volume>();
  for (const barcode of (await readdir(directory)).sort()) {
    if (!(await isVolume(directory, barcode))) continue;
    const opened = await Volume.open(disk, directory, barcode, ports(barcode), { segmentBytesMax });
    open.set(barcode, opened.volume);
    repaired(barcode, opened.repaired);
  }

  return {
    barcodes: () => [...open.keys()],
    has: (barcode) => open.has(barcode),
    volume: (barcode) => open.get(barcode),
    volumes: () => open.values(),
    async create({ barcode, capacityBytes, worm, pool }) {
      const spec = { barcode, capacityBytes, worm, pool, createdAt: now().toISOString() };
      const volume = await Volume.create(disk, directory, spec, ports(barcode), {
        segmentBytesMax,
      });
      open.set(barcode, volume);
      return volume;
    },
    async remove(barcode) {
      const volume = open.get(barcode);
      open.delete(barcode);
      await volume?.close();
      await rm(path.join(directory, barcode), { recursive: true, force: true });
      await syncDirectory(directory);
    },
    async close() {
      for (const volume of open.values()) await volume.close();
    },
  };
}
