/** CRC32C header digests by libiscsi, which has no others: what is about PDUs again on the disk, CHAP, and the product. */
import type { Reelhouse } from "@reelhouse/testing";
import type { Part } from "../report.ts";
import { serveWithChap } from "./disk-chap.ts";
import { benchOf, urlOf } from "./disk.ts";
import { initiatorProves } from "./chap.ts";
import { expectedOn } from "./results.ts";
import type { Shim } from "./shim.ts";
import { run, runBench } from "./test-cu.ts";

const OF_THE_PROTOCOL = "iSCSI";

export async function runDigests(part: Part, reelhouse: Reelhouse, shim: Shim): Promise<void> {
  const environment = shim("digest");
  const rows = expectedOn("disk").filter(({ test }) => test.startsWith(OF_THE_PROTOCOL));
  await runBench(part, benchOf("disk, with header digests", environment), rows);
  const disk = await serveWithChap();
  const { host, port } = reelhouse.portal;
  const drive = `iscsi://${host}:${port}/${reelhouse.driveName(1)}/0`;
  for (const [where, url, shown, proof] of [
    ["disk, by CHAP", urlOf(disk), "TEST ONLY DISK", initiatorProves()],
    ["drive", drive, "ULT3580", {}],
  ] as const) {
    const { output } = await run("iscsi-inq", [url], { ...environment, ...proof });
    const name = `iscsi-inq with header digests, ${where}`;
    if (output.includes(shown)) part.pass(name);
    else part.fail(`${name}: ${output.trim().slice(-200)}`);
  }
  await disk.close();
}
