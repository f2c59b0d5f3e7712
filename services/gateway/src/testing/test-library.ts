/** For tests: a library of 2 drives, 3 storage slots and 1 import/export slot, in a file of its own. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { EventBody } from "@reelhouse/contracts";
import { openLibrary } from "../library/library.ts";
import type { Library } from "../library/library.ts";
import { newLibrary } from "../library/new-library.ts";

export const drive1 = 10_000;
export const drive2 = 10_001;
export const slot1 = 20_000;
export const slot2 = 20_001;

export interface TestLibrary {
  readonly file: string;
  readonly library: Library;
  /** What the inventory was told, in order. */
  readonly events: EventBody[];
  close(): Promise<void>;
}

export async function openTestLibrary(firstTapes: readonly string[] = []): Promise<TestLibrary> {
  const directory = await mkdtemp(path.join(tmpdir(), "library-"));
  const file = path.join(directory, "library.json");
  const events: EventBody[] = [];
  const library = await openLibrary({
    file,
    initial: () =>
      newLibrary({
        gatewayName: "gw1",
        driveCount: 2,
        storageCount: 3,
        importExportCount: 1,
        drive: { vendor: "IBM", product: "ULT3580-TD8", revision: "R3G3" },
        changer: { vendor: "STK", product: "L700", revision: "0107" },
        firstTapes,
      }),
    emit: (event) => void events.push(event),
  });
  return { file, library, events, close: () => rm(directory, { recursive: true, force: true }) };
}
