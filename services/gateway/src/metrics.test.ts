/** What the gateway shows Prometheus while everything it leans on is away, and as a host writes, reads and leaves. */
import { createMetrics } from "@reelhouse/service-kit";
import type { Metrics } from "@reelhouse/service-kit";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { waitingHosts } from "./metrics.ts";
import { openOfflineGateway } from "./testing/offline-gateway.ts";
import type { OfflineGateway } from "./testing/offline-gateway.ts";

let metrics: Metrics;
let offline: OfflineGateway;
beforeEach(async () => {
  metrics = createMetrics("gateway");
  offline = await openOfflineGateway({}, { metrics });
});
afterEach(() => offline.close());

/** The value of the sample with that name and those labels. */
const valueOf = async (name: string, labels = ""): Promise<number | undefined> => {
  const lines = (await metrics.render()).split("\n");
  const wanted = `reelhouse_${name}{${labels === "" ? "" : `${labels},`}service="gateway"} `;
  const line = lines.find((each) => each.startsWith(wanted));
  return line === undefined ? undefined : Number(line.slice(wanted.length));
};

test("a host that loads, writes and reads → sessions, commands, bytes by direction, a backlog that ages", async () => {
  const changer = await offline.changer();
  const address = await changer.load("RHS001L8");
  const tape = await offline.drive();
  expect(await valueOf("iscsi_sessions", 'type="Normal"')).toBe(2);
  expect(await valueOf("iscsi_connections")).toBe(2);
  const device = `device="drive-${address}"`;
  const readBefore = (await valueOf("scsi_data_bytes_total", `${device},direction="read"`)) ?? 0;
  const block = Buffer.alloc(600_000, 7);
  for (let written = 0; written < 3; written += 1) await tape.write(block);
  await tape.writeFilemarks(1);
  await tape.rewind();
  await tape.readFile(1_000_000);
  const good = (command: string) => `${device},command="${command}",status="good"`;
  expect(await valueOf("scsi_commands_total", good("WRITE(6)"))).toBe(3);
  expect(await valueOf("scsi_data_bytes_total", `${device},direction="write"`)).toBe(1_800_000);
  const read = (await valueOf("scsi_data_bytes_total", `${device},direction="read"`)) ?? 0;
  expect(read - readBefore).toBeGreaterThanOrEqual(1_800_000);
  expect(await valueOf("upload_backlog_segments")).toBeGreaterThan(0);
  expect(await valueOf("upload_backlog_bytes")).toBeGreaterThan(600_000);
  await vi.waitFor(async () =>
    expect(await valueOf("cache_pending_oldest_seconds")).toBeGreaterThan(0),
  );
  expect(await valueOf("queue_reachable", 'queue="upload"')).toBe(0);
  expect(await valueOf("recalls_running")).toBe(0);
  expect(await valueOf("recall_waiting_hosts")).toBe(0);
}, 30_000);

test("one operation code of several devices and service actions → each by its own name, others unknown", async () => {
  const changer = await offline.login(offline.gateway.targetNames[0] ?? "");
  const drive = await offline.login(offline.gateway.targetNames[1] ?? "");
  const send = (session: typeof drive, ...cdb: readonly number[]) =>
    session.command(Uint8Array.from(cdb), { dataInLength: 64 });
  for (const session of [changer, drive]) await send(session, 0x12, 0, 0, 0, 64);
  // MAINTENANCE IN, with service actions that there are and one that there is not.
  for (const action of [0x0a, 0x0c, 0x0f, 0x1f])
    await send(drive, 0xa3, action, 0, 0, 0, 0, 0, 0, 0, 64);
  for (const session of [changer, drive]) await send(session, 0x2b);
  const text = await metrics.render();
  const [{ devices } = expect.fail("no library")] = offline.gateway.house.robotics.values();
  const driveName = devices.driveName([...devices.drives.keys()][0] ?? 0);
  const names = (device: string) => {
    const found = text.matchAll(/scsi_commands_total\{device="([^"]+)",command="([^"]+)"/g);
    return new Set([...found].filter(([, of]) => of === device).map(([, , command]) => command));
  };
  expect(names("changer")).toEqual(new Set(["INQUIRY", "POSITION TO ELEMENT"]));
  expect(names(driveName)).toEqual(
    new Set([
      "INQUIRY",
      "LOCATE(10)",
      "REPORT TARGET PORT GROUPS",
      "REPORT SUPPORTED OPERATION CODES",
      "REPORT TIMESTAMP",
      "unknown",
    ]),
  );
});

test("a drive that owes an answer, its cartridge's segment coming back → a waiting host; either alone → none", async () => {
  const changer = await offline.changer();
  const address = await changer.load("RHS001L8");
  const house = offline.gateway.house;
  const count = (recalled: string, stalledDevice: string) =>
    waitingHosts(
      { ...house, recalls: { isRunning: (barcode) => barcode === recalled } },
      { stalledMs: (device) => (device === stalledDevice ? 3000 : 5) },
    );
  expect(count("RHS001L8", `drive-${address}`)).toBe(1);
  expect(count("RHS002L8", `drive-${address}`)).toBe(0);
  expect(count("RHS001L8", "drive-0")).toBe(0);
  expect(count("RHS001L8", "changer")).toBe(0);
});
