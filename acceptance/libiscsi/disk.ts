/** iscsi-test-cu on the disk of packages/testing, a new one for each test: some want it empty, and do not say so. */
import { type ServedDisk, serveDisk } from "@reelhouse/testing";
import type { Part } from "../report.ts";
import { expectedOn } from "./results.ts";
import { type Bench, runBench } from "./test-cu.ts";

export const urlOf = (disk: ServedDisk, login = ""): string =>
  `iscsi://${login}${disk.host}:${disk.port}/${disk.name}/0`;

/** Both are the same portal: two sessions, two nexuses. */
const TWO_PATHS = "MultipathIO.";
export const benchOf = (device: string, environment: Readonly<Record<string, string>>): Bench => ({
  device,
  async prepare({ test }) {
    const disk = await serveDisk();
    const url = urlOf(disk);
    return {
      urls: test.startsWith(TWO_PATHS) ? [url, url] : [url],
      environment,
      done: () => disk.close(),
    };
  },
});

export const runDisk = (part: Part): Promise<void> =>
  runBench(part, benchOf("disk", {}), expectedOn("disk"));
