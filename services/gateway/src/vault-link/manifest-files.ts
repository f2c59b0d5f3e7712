/**
 * A generation's manifests on the local disk, below `<barcode>/g<generation>/manifest/`:
 *
 *   000000000007.json             composed and offered; not yet known to be in the store
 *   000000000007.published.json   in the store
 *
 * The newest is kept: it holds the count, and says what the store knows.
 */
import { mkdir, readFile, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { manifest } from "@reelhouse/contracts";
import type { Manifest } from "@reelhouse/contracts";
import { replaceFile } from "@reelhouse/service-kit";

export interface StoredManifest {
  readonly sequence: number;
  readonly published: boolean;
  /** Relative to the media folder. */
  readonly path: string;
  readonly bytes: string;
  readonly manifest: Manifest;
}

const form = /^(?<sequence>\d{12})(?<published>\.published)?\.json$/;
const fileName = (sequence: number, published: boolean) =>
  `${String(sequence).padStart(12, "0")}${published ? ".published" : ""}.json`;

const directoryOf = (barcode: string, generation: number) =>
  path.join(barcode, `g${generation}`, "manifest");

export class ManifestFiles {
  readonly #media: string;

  constructor(mediaDirectory: string) {
    this.#media = mediaDirectory;
  }

  async newest(barcode: string, generation: number): Promise<StoredManifest | undefined> {
    const directory = directoryOf(barcode, generation);
    const names = await this.#names(directory);
    const name = names.at(-1);
    const groups = name === undefined ? undefined : form.exec(name)?.groups;
    if (name === undefined || groups === undefined) return undefined;
    const file = path.join(directory, name);
    const bytes = await readFile(path.join(this.#media, file), "utf8");
    return {
      sequence: Number(groups["sequence"]),
      published: groups["published"] !== undefined,
      path: file,
      bytes,
      manifest: manifest.parse(JSON.parse(bytes)),
    };
  }

  async write(composed: Manifest): Promise<StoredManifest> {
    const { barcode, generation, sequence } = composed;
    const directory = directoryOf(barcode, generation);
    await mkdir(path.join(this.#media, directory), { recursive: true });
    const file = path.join(directory, fileName(sequence, false));
    const bytes = JSON.stringify(composed);
    await replaceFile(path.join(this.#media, file), bytes);
    return { sequence, published: false, path: file, bytes, manifest: composed };
  }

  /** The store has it: it and all before it need not be offered again. */
  async markPublished(barcode: string, generation: number, sequence: number): Promise<void> {
    const directory = directoryOf(barcode, generation);
    const names = await this.#names(directory);
    if (!names.includes(fileName(sequence, false))) return;
    const inMedia = (name: string) => path.join(this.#media, directory, name);
    await rename(inMedia(fileName(sequence, false)), inMedia(fileName(sequence, true)));
    for (const name of names)
      if (name < fileName(sequence, false)) await rm(inMedia(name), { force: true });
  }

  async #names(directory: string): Promise<string[]> {
    const names = await readdir(path.join(this.#media, directory)).catch(() => []);
    return names.filter((name) => form.test(name)).sort();
  }
}
