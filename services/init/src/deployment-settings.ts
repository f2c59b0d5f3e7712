/** The settings of docker-compose.yml itself: what it publishes where, and what it takes for itself from the machine. */
import type { SettingName, SettingRow } from "@reelhouse/service-kit";

type DeploymentRow = Omit<SettingRow, "readers">;

const publish = "host:port or [ipv6]:port on this machine; host 0.0.0.0 means reachable by all";
const memory = "a size as docker takes it: 512m, 2g";

export const DEPLOYMENT_SETTINGS = {
  REELHOUSE_ISCSI_PUBLISH: {
    meaning: "Where on this machine backup hosts reach the iSCSI portal.",
    form: publish,
    default: "127.0.0.1:3260",
  },
  REELHOUSE_API_PUBLISH: {
    meaning: "Where on this machine the REST API is reached.",
    form: publish,
    default: "127.0.0.1:8080",
  },
  REELHOUSE_PROMETHEUS_PUBLISH: {
    meaning: "Where on this machine Prometheus is reached (profile monitoring).",
    form: publish,
    default: "127.0.0.1:9090",
  },
  REELHOUSE_GRAFANA_PUBLISH: {
    meaning: "Where on this machine Grafana is reached (profile monitoring).",
    form: publish,
    default: "127.0.0.1:3000",
  },
  REELHOUSE_MEDIA_VOLUME: {
    meaning:
      "Where the media lie: a folder of this machine, beginning with /, or the volume media.",
    form: "a path beginning with /, or media",
    default: "media",
  },
  REELHOUSE_AWS_CREDENTIALS_FILE: {
    meaning: "File of this machine with AWS's credentials; unset: the role of the machine.",
    form: "a path to a file in the form of ~/.aws/credentials",
    default: null,
  },
  REELHOUSE_VERSION: {
    meaning: "Tag of Reelhouse's images.",
    form: "a tag of an image",
    default: "0.1.0",
  },
  REELHOUSE_GATEWAY_MEMORY: {
    meaning: "The most memory the gateway may take.",
    form: memory,
    default: "1g",
  },
  REELHOUSE_UPLOADER_MEMORY: {
    meaning: "The most memory each uploader may take.",
    form: memory,
    default: "768m",
  },
} as const satisfies Record<`REELHOUSE_${string}`, DeploymentRow>;

/** Settings that docker-compose.yml settles, for inside a container only one value is right; with what to set instead. */
export const SETTLED = {
  REELHOUSE_DATA_DIR: "REELHOUSE_MEDIA_VOLUME",
  REELHOUSE_ISCSI_LISTEN: "REELHOUSE_ISCSI_PUBLISH",
  REELHOUSE_API_LISTEN: "REELHOUSE_API_PUBLISH",
  REELHOUSE_CLOUD_LISTEN: null,
  REELHOUSE_GATEWAY_CONTROL_LISTEN: null,
  REELHOUSE_GATEWAY_CONTROL_URL: null,
  REELHOUSE_INVENTORY_URL: null,
  REELHOUSE_UPLOADER_OPS_LISTEN: null,
  REELHOUSE_SERVICE_TOKEN_FILE: null,
  REELHOUSE_ADMIN_TOKEN_FILE: null,
  REELHOUSE_QUEUE_URL: null,
  REELHOUSE_DATABASE_URL: null,
} as const satisfies Partial<Record<SettingName, keyof typeof DEPLOYMENT_SETTINGS | null>>;
