/** CHAP on the product (docs/iscsi-access.md): by rules over REST, and by REELHOUSE_ISCSI_ACCESS_FILE; for discovery too. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Reelhouse, startReelhouse } from "@reelhouse/testing";
import type { Part } from "../report.ts";
import { chap, tryChap } from "./chap.ts";

const credentials = [
  {
    chapName: chap.name,
    secret: chap.secret,
    target: { chapName: chap.targetName, secret: chap.targetSecret },
  },
];
const CHANGER_PRODUCT = "Product:L700";
const SECOND_DRIVE = 2;

/** The changer, and what is shown to whom. */
const tryProduct = async (part: Part, how: string, reelhouse: Reelhouse): Promise<void> => {
  const portal = `iscsi://${reelhouse.portal.host}:${reelhouse.portal.port}`;
  const changer = `${portal}/${reelhouse.changerName}/0`;
  await tryChap(part, `changer, rule ${how}`, ["iscsi-inq", changer], CHANGER_PRODUCT);
  await tryChap(part, `discovery, rule ${how}`, ["iscsi-ls", portal], reelhouse.changerName);
};

const request = async (
  { api }: Reelhouse,
  method: "PUT" | "DELETE",
  path: string,
  body?: unknown,
): Promise<void> => {
  const { status } = await api.request(method, path, body);
  if (status >= 300) throw new Error(`${method} ${path}: ${status}`);
};

/** Rules over REST hold at once, and are gone at once. */
export const runRestChap = async (part: Part, reelhouse: Reelhouse): Promise<void> => {
  const ofChanger = `/v1/iscsi/targets/${reelhouse.changerName}/access`;
  const ofDiscovery = "/v1/iscsi/discovery/access";
  await request(reelhouse, "PUT", ofChanger, { credentials });
  await request(reelhouse, "PUT", ofDiscovery, { credentials });
  await tryProduct(part, "over REST", reelhouse);
  for (const path of [ofDiscovery, ofChanger]) await request(reelhouse, "DELETE", path);
};

/** A product of its own, whose file has a rule for all targets. */
export const runFileChap = async (part: Part): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), "reelhouse-libiscsi-access-"));
  const file = join(folder, "access.json");
  const rules = { discovery: { credentials }, targets: { "*": { credentials } } };
  writeFileSync(file, JSON.stringify(rules), { mode: 0o600 });
  const reelhouse = await startReelhouse({
    dataDir: join(folder, "data"),
    settings: { REELHOUSE_ISCSI_ACCESS_FILE: file },
  });
  const { host, port } = reelhouse.portal;
  const drive = `iscsi://${host}:${port}/${reelhouse.driveName(SECOND_DRIVE)}/0`;
  try {
    await tryProduct(part, "by file", reelhouse);
    await tryChap(part, "drive, rule by file", ["iscsi-inq", drive], "ULT3580");
  } finally {
    await reelhouse.stop();
    rmSync(folder, { recursive: true });
  }
};
