/** For tests: a whole gateway in this process, with vault, queue and inventory at addresses where nobody answers. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createLogger, createMetrics } from "@reelhouse/service-kit";
import type { Metrics } from "@reelhouse/service-kit";
import { Changer, openSession, Tape } from "@reelhouse/testing";
import type { ConnectOptions, Session } from "@reelhouse/testing";
import { gatewayConfig } from "../config.ts";
import type { GatewayConfig } from "../config.ts";
import { openGateway } from "../gateway.ts";
import type { Gateway } from "../gateway.ts";
import { connectVault } from "@reelhouse/vault";
import type { Vault } from "@reelhouse/vault";

/** Port 9, discard: nothing listens there. */
const nobody = "http://127.0.0.1:9";

export interface OfflineGateway {
  readonly gateway: Gateway;
  readonly dataDir: string;
  drive(number?: number, options?: Partial<ConnectOptions>): Promise<Tape>;
  changer(): Promise<Changer>;
  /** A session on any target, by its name. */
  login(targetName: string): Promise<Session>;
  /** Closes it and opens it again on the same disk, with other settings where some are given. */
  restart(settings?: Partial<GatewayConfig>): Promise<void>;
  close(): Promise<void>;
}

/** A small library: 2 drives, 4 slots, 2 tapes. */
const offlineConfig = (
  dataDir: string,
  settings: Readonly<Record<string, string>>,
): GatewayConfig =>
  gatewayConfig.parse({
    dataDir,
    iscsiListen: "127.0.0.1:0",
    gatewayControlListen: "127.0.0.1:0",
    inventoryUrl: nobody,
    serviceTokenFile: "unused",
    queueUrl: "redis://127.0.0.1:9",
    s3Endpoint: nobody,
    s3Bucket: "nobody",
    kmsEndpoint: nobody,
    libraryDrives: "2",
    librarySlots: "4",
    libraryImportExportSlots: "2",
    libraryTapes: "2",
    libraryTapeBytes: "1GiB",
    segmentBytesMax: "1MiB",
    ...settings,
  });

interface Surroundings {
  /** Of the gateway as first opened; one opened again has its own. */
  readonly metrics?: Metrics | undefined;
  /** What there is of a vault. */
  readonly vault?: Partial<Vault>;
}

const open = (
  config: GatewayConfig,
  { metrics = createMetrics("gateway"), vault }: Surroundings = {},
): Promise<Gateway> =>
  openGateway({
    config,
    logger: createLogger("gateway", "fatal"),
    metrics,
    vault: { ...connectVault(config), ...vault },
    serviceToken: "a-token-of-a-test",
  });

export async function openOfflineGateway(
  settings: Readonly<Record<string, string>> = {},
  { metrics, vault = {} }: Surroundings = {},
): Promise<OfflineGateway> {
  const dataDir = await mkdtemp(path.join(tmpdir(), "gateway-"));
  let config = offlineConfig(dataDir, settings);
  let gateway = await open(config, { metrics, vault });
  let sessions: Session[] = [];
  const session = async (
    targetName = "",
    options: Partial<ConnectOptions> = {},
  ): Promise<Session> => {
    const opened = await openSession({ portal: gateway.portalAddress, targetName, ...options });
    sessions.push(opened);
    return opened;
  };
  /** Initiators that log out let the gateway stop at once. */
  const close = async (): Promise<void> => {
    const alive = sessions.filter(({ transport }) => transport.error === undefined);
    await Promise.all(alive.map((each) => each.logout()));
    sessions = [];
    await gateway.close();
  };
  return {
    get gateway() {
      return gateway;
    },
    dataDir,
    drive: async (number = 1, options = {}) => {
      const tape = new Tape(await session(gateway.targetNames[number], options));
      await tape.clearUnitAttentions();
      return tape;
    },
    changer: async () => {
      const changer = new Changer(await session(gateway.targetNames[0]));
      await changer.clearUnitAttentions();
      return changer;
    },
    login: (targetName) => session(targetName),
    async restart(other = {}) {
      await close();
      config = { ...config, ...other };
      gateway = await open(config, { vault });
    },
    async close() {
      await close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
