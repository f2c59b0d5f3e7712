/** What stands on the screen once everything runs: how to connect, and where things lie. */
import { formatAddress, formatPortals, type ReadyReport } from "@reelhouse/service-kit";
import type { Addresses } from "./config.ts";
import type { DataLayout } from "./layout.ts";

/** A wildcard address cannot be connected to: loopback stands for it. */
const reachable = (address: string): string =>
  address.replace(/^0\.0\.0\.0:/, "127.0.0.1:").replace(/^\[::\]:/, "[::1]:");

export interface Welcome {
  readonly seconds: number;
  readonly layout: DataLayout;
  readonly addresses: Addresses;
  readonly reports: Readonly<Record<string, ReadyReport>>;
  readonly embeddedCloud: boolean;
}

const iscsiLines = (portal: string, targets: readonly string[]): string[] => [
  `  portal      ${portal}`,
  ...targets.map((target, index) => `  ${index === 0 ? "targets " : "        "}    ${target}`),
  "",
  "  connect a Linux backup server (open-iscsi, as root):",
  `    iscsiadm -m discovery -t sendtargets -p ${portal}`,
  `    iscsiadm -m node -p ${portal} --login`,
  "",
];

const cloudLines = (addresses: Addresses): string[] => [
  `  store       http://${formatAddress(addresses.cloudListen)}  the embedded S3 and KMS stand-in: NOT FOR PRODUCTION.`,
  "              It keeps its keys unprotected on this disk. Set REELHOUSE_S3_BUCKET to use a real store.",
];

/** The first line begins with `ready`: scripts wait for it. */
export const welcomeLines = ({
  seconds,
  layout,
  addresses,
  reports,
  embeddedCloud,
}: Welcome): string[] => {
  const portal = reachable(reports["gateway"]?.iscsi ?? formatPortals(addresses.iscsiListen));
  const api = reachable(reports["inventory"]?.api ?? formatAddress(addresses.apiListen));
  return [
    `ready after ${seconds.toFixed(1)} s`,
    "",
    ...iscsiLines(portal, reports["gateway"]?.targets ?? []),
    `  API         http://${api}  (its description: /openapi.json)`,
    `    curl -H "Authorization: Bearer $(cat ${layout.adminToken})" http://${api}/v1/tapes`,
    "",
    `  data        ${layout.root}`,
    `  admin token ${layout.adminToken}`,
    `  logs        ${layout.logs}`,
    ...(embeddedCloud ? cloudLines(addresses) : []),
    "",
    "Ctrl-C stops it.",
  ];
};
