/** CHAP on the disk of packages/testing: as part of the URL too, and by iscsi-test-cu's two initiators. */
import { type ServedDisk, serveDisk } from "@reelhouse/testing";
import type { Part } from "../report.ts";
import { chap, initiatorProves, tryChap } from "./chap.ts";
import { urlOf } from "./disk.ts";
import { run, verdictOf } from "./test-cu.ts";

const PRODUCT = "TEST ONLY DISK";
const TWO_INITIATORS = "ALL.Reserve6.2Initiators";

/** A disk that asks for CHAP, and proves itself in turn. */
export const serveWithChap = (): Promise<ServedDisk> =>
  serveDisk({
    credentials: () => ({
      initiatorSecret: (name) => (name === chap.name ? Buffer.from(chap.secret) : undefined),
      target: { chapName: chap.targetName, secret: Buffer.from(chap.targetSecret) },
    }),
    mayUse: () => true,
    exclusive: () => false,
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  });

export const runDiskChap = async (part: Part): Promise<void> => {
  const disk = await serveWithChap();
  await tryChap(part, "disk", ["iscsi-inq", urlOf(disk)], PRODUCT);
  const inUrl = await run("iscsi-inq", [urlOf(disk, `${chap.name}%${chap.secret}@`)]);
  if (inUrl.output.includes(PRODUCT)) part.pass("iscsi-inq, disk, CHAP in the URL (in)");
  else part.fail(`iscsi-inq, disk, CHAP in the URL: ${inUrl.output.trim().slice(-200)}`);
  const name = `iscsi-test-cu ${TWO_INITIATORS} on the disk, each by CHAP`;
  const both = await run(
    "iscsi-test-cu",
    ["-d", "-n", "-t", TWO_INITIATORS, urlOf(disk)],
    initiatorProves(),
  );
  const { outcome, complaints } = verdictOf(both);
  if (outcome === "pass") part.pass(name);
  else part.fail(`${name}: ${complaints}`);
  await disk.close();
};
