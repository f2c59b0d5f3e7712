/**
 * Debian's libiscsi-bin, another implementation of iSCSI than the kernel's, against the targets: its tools, CHAP,
 * and all tests of its iscsi-test-cu, on a disk of our own (disk.ts), on the changer and on a drive. COVERAGE.md has what they say.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Reelhouse } from "@reelhouse/testing";
import { ensurePackages, isProgramThere, type Need } from "../packages.ts";
import { createPart, type Part, type PartResult } from "../report.ts";
import { runDiskChap } from "./disk-chap.ts";
import { runDigests } from "./digests.ts";
import { runDisk } from "./disk.ts";
import { runFileChap, runRestChap } from "./product-chap.ts";
import { runProductSuites } from "./product-suites.ts";
import { expectedOn } from "./results.ts";
import { compileShim } from "./shim.ts";
import { listTests, run } from "./test-cu.ts";

const TOOLS: readonly Need[] = [
  { package: "libiscsi-bin", isThere: () => isProgramThere("iscsi-ls") },
];
const expectTool = async (part: Part, name: string, args: readonly string[], wanted: RegExp) => {
  const { code, output } = await run(args[0] ?? "", args.slice(1));
  if (code === 0 && wanted.test(output)) part.pass(name);
  else part.fail(`${name}: exit ${code}: ${output.trim().slice(-300)}`);
};

const tools = async (part: Part, reelhouse: Reelhouse): Promise<void> => {
  const { portal, changerName } = reelhouse;
  const url = `iscsi://${portal.host}:${portal.port}`;
  const drive = `${url}/${reelhouse.driveName(1)}/0`;
  const changer = `${url}/${changerName}/0`;
  await expectTool(
    part,
    "iscsi-ls names the changer",
    ["iscsi-ls", "-s", url],
    /mediachanger[^]*MEDIA_CHANGER/,
  );
  await expectTool(
    part,
    "iscsi-ls names the drives",
    ["iscsi-ls", "-s", url],
    /tapedrive-04[^]*SEQUENTIAL_ACCESS/,
  );
  await expectTool(part, "iscsi-inq of a drive", ["iscsi-inq", drive], /Product:ULT3580-TD8/);
  await expectTool(part, "iscsi-inq of the changer", ["iscsi-inq", changer], /Product:L700/);
  const pages: readonly (readonly [string, RegExp])[] = [
    // It reads decimal numbers only.
    ["0", /Page:0x83 DEVICE_IDENTIFICATION/],
    ["128", /Unit Serial Number/i],
    ["131", /Designator/i],
  ];
  for (const [page, wanted] of pages)
    await expectTool(
      part,
      `iscsi-inq, VPD page ${page}`,
      ["iscsi-inq", "-e", "1", "-c", page, drive],
      wanted,
    );
};

/** The table says of every test what it does, and of none that is not there. */
const compareLists = async (part: Part): Promise<void> => {
  const name = "the tests of iscsi-test-cu are those of COVERAGE.md";
  const [there, told] = [await listTests(), expectedOn("disk").map(({ test }) => test)];
  const different = [
    ...there.filter((test) => !told.includes(test)),
    ...told.filter((test) => !there.includes(test)),
  ];
  if (different.length === 0) part.pass(name);
  else part.fail(`${name}: ${different.join(", ")}`);
};

/** Its tests of reservations log in as two initiators at a time. */
const letSeveralIn = async (reelhouse: Reelhouse): Promise<void> => {
  for (const targetName of [reelhouse.changerName, reelhouse.driveName(1)]) {
    const path = `/v1/iscsi/targets/${targetName}/access`;
    const { status } = await reelhouse.api.request("PUT", path, { severalInitiators: true });
    if (status !== 200) throw new Error(`PUT ${path}: ${status}`);
  }
};

/** What asks for our own library in the programs: header digests, and iscsi-test-cu on what is no disk. */
const shimmed = async (part: Part, reelhouse: Reelhouse): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), "reelhouse-libiscsi-"));
  try {
    const shim = await compileShim(folder);
    if ("fault" in shim) {
      part.result.note = `neither header digests nor iscsi-test-cu on drive and changer: ${shim.fault}`;
      return;
    }
    await runDigests(part, reelhouse, shim);
    await runProductSuites(part, reelhouse, shim);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

export const runLibiscsi = async (reelhouse: Reelhouse): Promise<PartResult> => {
  const part = createPart("libiscsi");
  const begun = performance.now();
  const missing = ensurePackages(TOOLS);
  if (missing !== undefined) {
    part.result.note = `not run: ${missing}`;
    return part.result;
  }
  try {
    await letSeveralIn(reelhouse);
    await tools(part, reelhouse);
    await compareLists(part);
    await runDisk(part);
    await runDiskChap(part);
    await shimmed(part, reelhouse);
    await runRestChap(part, reelhouse);
    await runFileChap(part);
  } catch (error) {
    part.fail(`broke off: ${String(error)}`);
  }
  part.result.seconds = (performance.now() - begun) / 1000;
  return part.result;
};
