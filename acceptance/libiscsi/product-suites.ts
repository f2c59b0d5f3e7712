/** iscsi-test-cu on the product's changer and first drive, by way of the shim. */
import type { Reelhouse } from "@reelhouse/testing";
import type { Part } from "../report.ts";
import { expectedOn } from "./results.ts";
import type { Shim } from "./shim.ts";
import { type Bench, runBench } from "./test-cu.ts";

const BARCODE = "RHS008L8";

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

const benchOf = (reelhouse: Reelhouse, device: "changer" | "drive", shim: Shim): Bench => {
  const name = device === "changer" ? reelhouse.changerName : reelhouse.driveName(1);
  const url = `iscsi://${reelhouse.portal.host}:${reelhouse.portal.port}/${name}/0`;
  return {
    device,
    async prepare({ outcome }) {
      if (device === "drive" && outcome !== "skip") await threadFirstDrive(reelhouse);
      return {
        urls: [url],
        environment: outcome === "pass as a disk" ? shim("capacity", "disk") : shim("capacity"),
        done: () => Promise.resolve(),
      };
    },
  };
};

export const runProductSuites = async (
  part: Part,
  reelhouse: Reelhouse,
  shim: Shim,
): Promise<void> => {
  await loadFirstDrive(reelhouse);
  for (const device of ["changer", "drive"] as const)
    await runBench(part, benchOf(reelhouse, device, shim), expectedOn(device));
};
