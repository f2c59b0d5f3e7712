/**
 * Debian's libiscsi-bin, another implementation of iSCSI than the kernel's, against the targets: its tools, and those
 * tests of its iscsi-test-cu that mean something to a tape or a changer. Those that want a disk have one of our own, disk.ts.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Reelhouse } from "@reelhouse/testing";
import { ensurePackages, isProgramThere, type Need } from "../packages.ts";
import { createPart, type Part, type PartResult } from "../report.ts";
import { runDisk } from "./disk.ts";
import { run, runSuite } from "./test-cu.ts";
import { CHANGER_TESTS, DRIVE_TESTS, DRIVE_TESTS_AS_DISK } from "./tests.ts";

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

const suites = async (part: Part, reelhouse: Reelhouse): Promise<void> => {
  const missing = ensurePackages(COMPILER);
  if (missing !== undefined) {
    part.result.note = `iscsi-test-cu not run: ${missing}`;
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "reelhouse-libiscsi-"));
  const shim = join(folder, "shim.so");
  const made = await run("gcc", [
    "-shared",
    "-fPIC",
    "-o",
    shim,
    join(import.meta.dirname, "shim.c"),
    "-ldl",
  ]);
  if (made.code !== 0) {
    part.fail(`the shim of iscsi-test-cu does not compile: ${made.output.slice(0, 400)}`);
    rmSync(folder, { recursive: true });
    return;
  }
  const changer = await reelhouse.openChanger();
  await changer.clearUnitAttentions();
  const [first] = await changer.ofType("dataTransfer");
  await changer.load(BARCODE, first?.address);
  await changer.session.logout();
  const url = `iscsi://${reelhouse.portal.host}:${reelhouse.portal.port}`;
  const environment = { LD_PRELOAD: shim };
  const changerSuite = {
    device: "changer",
    url: `${url}/${reelhouse.changerName}/0`,
    environment,
    prepare: async () => {},
  };
  const driveSuite = {
    device: "drive",
    url: `${url}/${reelhouse.driveName(1)}/0`,
    environment,
    // The test before may have ejected the cartridge.
    prepare: async () => {
      const drive = await reelhouse.openDrive(1);
      await drive.clearUnitAttentions();
      await drive.load();
      await drive.session.logout();
    },
  };
  await runSuite(part, changerSuite, CHANGER_TESTS);
  await runSuite(part, driveSuite, DRIVE_TESTS);
  await runSuite(
    part,
    { ...driveSuite, environment: { ...environment, SHIM_DISK: "1" } },
    DRIVE_TESTS_AS_DISK,
  );
  rmSync(folder, { recursive: true });
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
    await runDisk(part);
    await suites(part, reelhouse);
  } catch (error) {
    part.fail(`broke off: ${String(error)}`);
  }
  part.result.seconds = (performance.now() - begun) / 1000;
  return part.result;
};
