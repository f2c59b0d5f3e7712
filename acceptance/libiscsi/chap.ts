/** CHAP and mutual CHAP (RFC 7143 12.1) by libiscsi's own implementation of it. */
import { createHash } from "node:crypto";
import { serveDisk } from "@reelhouse/testing";
import type { Part } from "../report.ts";
import { urlOf } from "./disk.ts";
import { run } from "./test-cu.ts";

const CHAP_NAME = "acceptance";
/** Of this run alone, and of no worth. */
const secretOf = (who: string): string =>
  createHash("sha256").update(who).digest("hex").slice(0, 16);
const INITIATOR_SECRET = secretOf("initiator");
const TARGET_SECRET = secretOf("target");
const TARGET_CHAP_NAME = "test-only-disk";

export const runDiskChap = async (part: Part): Promise<void> => {
  const disk = await serveDisk({
    credentials: () => ({
      initiatorSecret: (name) => (name === CHAP_NAME ? Buffer.from(INITIATOR_SECRET) : undefined),
      target: { chapName: TARGET_CHAP_NAME, secret: Buffer.from(TARGET_SECRET) },
    }),
    mayUse: () => true,
    exclusive: () => false,
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  });
  const mutual = (secret: string) => ({
    LIBISCSI_CHAP_USERNAME: CHAP_NAME,
    LIBISCSI_CHAP_PASSWORD: INITIATOR_SECRET,
    LIBISCSI_CHAP_TARGET_USERNAME: TARGET_CHAP_NAME,
    LIBISCSI_CHAP_TARGET_PASSWORD: secret,
  });
  const cases: readonly (readonly [
    name: string,
    login: string,
    environment: Readonly<Record<string, string>>,
    succeeds: boolean,
  ])[] = [
    ["CHAP", `${CHAP_NAME}%${INITIATOR_SECRET}@`, {}, true],
    ["CHAP with a wrong secret", `${CHAP_NAME}%${secretOf("guess")}@`, {}, false],
    ["CHAP with a wrong name", `nobody%${INITIATOR_SECRET}@`, {}, false],
    ["no CHAP where it is asked for", "", {}, false],
    ["mutual CHAP", "", mutual(TARGET_SECRET), true],
    ["mutual CHAP with a target that proves another secret", "", mutual(secretOf("guess")), false],
  ];
  for (const [name, login, environment, succeeds] of cases) {
    const { code, output } = await run("iscsi-inq", [urlOf(disk, login)], environment);
    const done = code === 0 && output.includes("TEST ONLY DISK");
    if (done === succeeds) part.pass(`iscsi-inq, ${name} (${succeeds ? "in" : "refused"})`);
    else part.fail(`iscsi-inq, ${name}: exit ${code}: ${output.trim().slice(-200)}`);
  }
  await disk.close();
};
