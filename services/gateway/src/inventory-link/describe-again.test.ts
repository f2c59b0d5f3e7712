import type { EventBody } from "@reelhouse/contracts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { openLibraries } from "../library/libraries.ts";
import { openTestMedia } from "../testing/test-media.ts";
import type { TestMedia } from "../testing/test-media.ts";
import { newLibrary } from "../library/new-library.ts";
import { slot1 } from "../testing/test-library.ts";
import { describeEverything } from "./describe-again.ts";

let tape: TestMedia;
let directory: string;
beforeEach(async () => {
  tape = await openTestMedia();
  directory = await mkdtemp(path.join(tmpdir(), "libraries-"));
});
afterEach(async () => {
  await tape.close();
  await rm(directory, { recursive: true });
});

const initial = () =>
  newLibrary({
    gatewayName: "gw1",
    driveCount: 1,
    storageCount: 3,
    importExportCount: 1,
    drive: { vendor: "IBM", product: "ULT3580-TD8", revision: "R3G3" },
    changer: { vendor: "STK", product: "L700", revision: "0107" },
    firstTapes: [],
  });

test("everything told again → which volumes there are is told too: on disk, and in a place without files", async () => {
  const libraries = await openLibraries({ directory, initial, emit: () => undefined });
  await tape.make("RHS001L8");
  await libraries.first.insert("RHS002L8", slot1);
  const told: EventBody[] = [];
  await describeEverything(libraries, tape.media, (body) => void told.push(body));
  const listed = told.filter(({ type }) => type === "volumes.listed");
  expect(listed).toEqual([
    { type: "volumes.listed", library: "gw1", barcodes: ["RHS002L8", "RHS001L8"] },
  ]);
  const types = told.map(({ type }) => type);
  expect(types.indexOf("volumes.listed")).toBeGreaterThan(types.indexOf("volume.created"));
});
