/** The product of one test file: started in a folder of its own, started again on the same folder, stopped at the end. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Changer,
  type Reelhouse,
  type ScsiDevice,
  startReelhouse,
  type Tape,
} from "@reelhouse/testing";
import { onTestFailed, vi } from "vitest";

/** The machine may be busy with other tests: these limits say that something hangs, not how fast it should be. */
vi.setConfig({ testTimeout: 180_000, hookTimeout: 90_000 });
const READY_TIMEOUT_MS = 60_000;
const SHOWN_CHARACTERS = 6000;

export type Settings = Readonly<Record<string, string>>;

/** Segments as small as the product allows, so that little data makes many. */
export const SMALL_SEGMENTS: Settings = { REELHOUSE_SEGMENT_BYTES_MAX: "1MiB" };
/** And the smallest cache, so that some of them are soon in the store alone. */
export const SMALL_CACHE: Settings = { ...SMALL_SEGMENTS, REELHOUSE_CACHE_BYTES_MAX: "16MiB" };

export interface Product {
  readonly dataDir: string;
  /** The one that runs now. */
  readonly reelhouse: Reelhouse;
  /** Starts it again on the same folder, with the same settings and `more`. Whatever ran before must have ended. */
  startAgain(more?: Settings): Promise<void>;
  /** A session with the changer, past its unit attentions. */
  changer(): Promise<Changer>;
  /** A session with a drive, past its unit attentions. */
  drive(number?: number): Promise<Tape>;
  /** When the test fails, what the product showed belongs to its report. */
  showOnFailure(): void;
  /** Stops it, if it runs, and removes the folder. */
  close(): Promise<void>;
}

const greeted = async <D extends ScsiDevice>(device: D): Promise<D> => {
  await device.clearUnitAttentions();
  return device;
};

export const startProduct = async (settings: Settings = SMALL_SEGMENTS): Promise<Product> => {
  const folder = mkdtempSync(join(tmpdir(), "reelhouse-acceptance-"));
  const dataDir = join(folder, "data");
  const start = (more: Settings = {}) =>
    startReelhouse({
      dataDir,
      settings: { ...settings, ...more },
      readyTimeoutMs: READY_TIMEOUT_MS,
    });
  let reelhouse = await start();
  return {
    dataDir,
    get reelhouse() {
      return reelhouse;
    },
    async startAgain(more) {
      await reelhouse.exited;
      reelhouse = await start(more);
    },
    changer: async () => greeted(await reelhouse.openChanger()),
    drive: async (number = 1) => greeted(await reelhouse.openDrive(number)),
    showOnFailure: () =>
      onTestFailed(() => {
        console.log(
          `what the product showed last:\n${reelhouse.output().slice(-SHOWN_CHARACTERS)}`,
        );
      }),
    async close() {
      await reelhouse.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
