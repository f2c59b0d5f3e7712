/**
 * Debian's libiscsi-bin, another implementation of iSCSI than the kernel's, against the targets: its tools, CHAP,
 * and all tests of its iscsi-test-cu, on a disk of our own (disk.ts), on the changer and on a drive. COVERAGE.md has what they say.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Reelhouse } from "@reelhouse/testing";
import { ensurePackages, isProgramThere, type Need } from "../packages.ts";
import { createPart, type Part, type PartResult } from "../report.ts";
import { runDiskChap } from "./disk-chap.ts";
import { runDisk } from "./disk.ts";
import { runFileChap, runRestChap } from "./product-chap.ts";
import { expectedOn } from "./results.ts";
import { type Bench, listTests, run, runBench } from "./test-cu.ts";

const BARCODE = "RHS008L8";

const TOOLS: readonly Need[] = [
  { package: "libiscsi-bin", isThere: () => isProgramThere("iscsi-ls") },
];
/** What the shim is compiled with. */
const COMPILER: readonly Need[] = [
  { package: "gcc", isThere: () => isProgramThere("gcc") },
  { package: "libc6-dev", isThere: () => existsSync("/usr/include/stdlib.h") },
  { package: "libiscsi-dev", isThere: () => existsSync("/usr/include/iscsi/iscsi.h") },
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
  await expectTool(
    part,
    "iscsi-inq with CRC32C header digests",
    ["iscsi-inq", `${drive}?header_digest=crc32c`],
    /ULT3580/,
  );
};

/** The shim, compiled into that folder; or what is in its way. */
const compileShim = async (folder: string): Promise<{ shim: string } | { fault: string }> => {
  const shim = join(folder, "shim.so");
  const source = join(import.meta.dirname, "shim.c");
  const { code, output } = await run("gcc", ["-shared", "-fPIC", "-o", shim, source, "-ldl"]);
  return code === 0 ? { shim } : { fault: output.slice(0, 400) };
};

const loadFirstDrive = async (reelhouse: Reelhouse): Promise<void> => {
  const changer = await reelhouse.openChanger();
  await changer.clearUnitAttentions();
  const [first] = await changer.ofType("dataTransfer");
  await changer.load(BARCODE, first?.address);
  await changer.session.logout();
};

/** The test before may have ejected the cartridge. */
const threadFirstDrive = async (reelhouse: Reelhouse): Promise<void> => {
  const drive = await reelhouse.openDrive(1);
  await drive.clearUnitAttentions();
  await drive.load();
  await drive.session.logout();
};

const benchOf = (reelhouse: Reelhouse, device: "changer" | "drive", shim: string): Bench => {
  const name = device === "changer" ? reelhouse.changerName : reelhouse.driveName(1);
  const url = `iscsi://${reelhouse.portal.host}:${reelhouse.portal.port}/${name}/0`;
  return {
    device,
    async prepare({ outcome }) {
      if (device === "drive" && outcome !== "skip") await threadFirstDrive(reelhouse);
      const asDisk = outcome === "pass as a disk";
      return {
        urls: [url],
        environment: { LD_PRELOAD: shim, ...(asDisk && { SHIM_DISK: "1" }) },
        done: () => Promise.resolve(),
      };
    },
  };
};

const suites = async (part: Part, reelhouse: Reelhouse): Promise<void> => {
  const missing = ensurePackages(COMPILER);
  if (missing !== undefined) {
    part.result.note = `iscsi-test-cu not run on drive and changer: ${missing}`;
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "reelhouse-libiscsi-"));
  const made = await compileShim(folder);
  if ("fault" in made) part.fail(`the shim of iscsi-test-cu does not compile: ${made.fault}`);
  else {
    await loadFirstDrive(reelhouse);
    for (const device of ["changer", "drive"] as const)
      await runBench(part, benchOf(reelhouse, device, made.shim), expectedOn(device));
  }
  rmSync(folder, { recursive: true });
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
    await suites(part, reelhouse);
    await runRestChap(part, reelhouse);
    await runFileChap(part);
  } catch (error) {
    part.fail(`broke off: ${String(error)}`);
  }
  part.result.seconds = (performance.now() - begun) / 1000;
  return part.result;
};
