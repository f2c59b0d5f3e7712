/**
 * Every setting of the product: one row each. Services share one environment, so each must know the names of all to
 * tell a stranger's setting from a misspelt one. The README's table is this one.
 */
export interface SettingRow {
  readonly meaning: string;
  /** What a value looks like; also the text of the fault when one does not. */
  readonly form: string;
  /** As it stands in the environment; null: none, the reader decides what its absence means. */
  readonly default: string | null;
  readonly readers: readonly ("gateway" | "uploader" | "inventory" | "standalone")[];
  /** May hold a password: its value is never shown, and `<NAME>_FILE` may name a file that holds it. */
  readonly secret?: true;
}

const listen = "host:port or [ipv6]:port; port 0 means any free port";
const portals =
  "host:port or [ipv6]:port, several between commas, each with @tag behind it for a portal group other than 1";
const model = "vendor:product or vendor:product:revision, at most 8, 16 and 4 printable characters";
const bytes = "a count of bytes: a whole number, or one with KiB, MiB, GiB or TiB";

export const KNOWN_SETTINGS = {
  REELHOUSE_DATA_DIR: {
    meaning: "Folder of everything kept: media, state, tokens, the embedded database.",
    form: "a path",
    default: "./data",
    readers: ["gateway", "uploader", "standalone"],
  },
  REELHOUSE_ISCSI_LISTEN: {
    meaning:
      "Where the iSCSI portals listen: addresses between commas, each its own portal group where `@tag` says so.",
    form: portals,
    default: "127.0.0.1:3260",
    readers: ["gateway", "standalone"],
  },
  REELHOUSE_ISCSI_ANNOUNCE: {
    meaning:
      "Addresses that discovery names, where hosts reach the portals at others than their own (containers, NAT).",
    form: "addresses by which backup hosts reach the portals: host:port or [ipv6]:port between commas, @tag behind one for its portal group",
    default: null,
    readers: ["gateway"],
  },
  REELHOUSE_ISCSI_ACCESS_FILE: {
    meaning:
      "File with access rules (who may log in, CHAP); what it names, the API does not change.",
    form: "a path to a JSON file that nobody else may read, of mode 0600",
    default: null,
    readers: ["gateway"],
  },
  REELHOUSE_API_LISTEN: {
    meaning: "Where the REST API listens.",
    form: listen,
    default: "127.0.0.1:8080",
    readers: ["inventory", "standalone"],
  },
  REELHOUSE_CLOUD_LISTEN: {
    meaning: "Where the embedded S3 and KMS stand-in listens.",
    form: listen,
    default: "127.0.0.1:9000",
    readers: ["standalone"],
  },
  REELHOUSE_GATEWAY_NAME: {
    meaning: "Name of the gateway and of its library; stands in IQNs and object keys.",
    form: "1 to 32 characters out of a-z, 0-9 and -, not beginning with -",
    default: "gw1",
    readers: ["gateway", "standalone"],
  },
  REELHOUSE_CACHE_BYTES_MAX: {
    meaning: "How much of the disk the cache of segments may take.",
    form: bytes,
    default: null,
    readers: ["gateway"],
  },
  REELHOUSE_SEGMENT_BYTES_MAX: {
    meaning: "A segment is sealed, and uploaded, when it has grown to this.",
    form: bytes,
    default: "64MiB",
    readers: ["gateway"],
  },
  REELHOUSE_LIBRARY_DRIVES: {
    meaning: "Tape drives of the library made at the first start.",
    form: "a whole number from 1 to 64",
    default: "4",
    readers: ["gateway"],
  },
  REELHOUSE_LIBRARY_SLOTS: {
    meaning: "Storage slots of the library made at the first start.",
    form: "a whole number from 1 to 60000",
    default: "100",
    readers: ["gateway"],
  },
  REELHOUSE_LIBRARY_IMPORT_EXPORT_SLOTS: {
    meaning: "Import/export slots of the library made at the first start.",
    form: "a whole number from 0 to 5000",
    default: "20",
    readers: ["gateway"],
  },
  REELHOUSE_LIBRARY_TAPES: {
    meaning: "Tapes made with the library at the first start.",
    form: "a whole number from 0 to 999",
    default: "8",
    readers: ["gateway"],
  },
  REELHOUSE_LIBRARY_TAPE_BYTES: {
    meaning: "Capacity of each of those tapes.",
    form: bytes,
    default: "100GiB",
    readers: ["gateway"],
  },
  REELHOUSE_DRIVE_MODEL: {
    meaning:
      "Make of the drives in the library made at the first start; DESIGN.md of packages/scsi lists those it knows.",
    form: model,
    default: "IBM:ULT3580-TD8:R3G3",
    readers: ["gateway"],
  },
  REELHOUSE_CHANGER_MODEL: {
    meaning:
      "Make of that library's medium changer; DESIGN.md of packages/scsi lists those it knows.",
    form: model,
    default: "STK:L700:0107",
    readers: ["gateway"],
  },
  REELHOUSE_S3_ENDPOINT: {
    meaning: "URL of the object store; unset: AWS's own for the region.",
    form: "an http or https URL",
    default: null,
    readers: ["gateway", "uploader", "standalone"],
  },
  REELHOUSE_S3_BUCKET: {
    meaning: "Bucket for segments and manifests; unset: the embedded store.",
    form: "a bucket name: 3 to 63 characters out of a-z, 0-9, . and -",
    default: null,
    readers: ["gateway", "uploader", "standalone"],
  },
  REELHOUSE_S3_PREFIX: {
    meaning: "What every object key begins with; empty: nothing.",
    form: "part of an object key, without / at either end",
    default: null,
    readers: ["gateway", "uploader"],
  },
  REELHOUSE_KMS_ENDPOINT: {
    meaning: "URL of the key service; unset: AWS's own for the region.",
    form: "an http or https URL",
    default: null,
    readers: ["gateway", "uploader", "standalone"],
  },
  REELHOUSE_KMS_KEY_ID: {
    meaning: "KMS key that wraps the data keys of volumes.",
    form: "a key id, an ARN or alias/<name>",
    default: "alias/reelhouse",
    readers: ["gateway", "uploader"],
  },
  REELHOUSE_SERVICE_TOKEN_FILE: {
    meaning: "File with the token by which services know one another.",
    form: "a path to a file of mode 0600",
    default: null,
    readers: ["gateway", "inventory"],
  },
  REELHOUSE_ADMIN_TOKEN_FILE: {
    meaning: "File with the operator's token for the REST API.",
    form: "a path to a file of mode 0600",
    default: null,
    readers: ["inventory"],
  },
  REELHOUSE_QUEUE_URL: {
    meaning: "The job queue: a Postgres database, or Redis.",
    form: "a postgresql://, redis:// or rediss:// URL",
    default: null,
    readers: ["gateway", "uploader"],
    secret: true,
  },
  REELHOUSE_DATABASE_URL: {
    meaning: "The catalogue's Postgres database.",
    form: "a postgresql:// URL",
    default: null,
    readers: ["inventory"],
    secret: true,
  },
  REELHOUSE_GATEWAY_CONTROL_LISTEN: {
    meaning: "Where the gateway takes the inventory's requests; also its health and metrics.",
    form: listen,
    default: "127.0.0.1:8081",
    readers: ["gateway", "standalone"],
  },
  REELHOUSE_GATEWAY_CONTROL_URL: {
    meaning: "Where the inventory finds the gateway.",
    form: "an http or https URL",
    default: "http://127.0.0.1:8081",
    readers: ["inventory"],
  },
  REELHOUSE_INVENTORY_URL: {
    meaning: "Where the gateway delivers its events.",
    form: "an http or https URL",
    default: "http://127.0.0.1:8080",
    readers: ["gateway"],
  },
  REELHOUSE_UPLOADER_OPS_LISTEN: {
    meaning: "Where the uploader shows its health and metrics.",
    form: listen,
    default: "127.0.0.1:8082",
    readers: ["uploader", "standalone"],
  },
  REELHOUSE_UPLOADER_CONCURRENCY: {
    meaning: "How many segments one uploader ships at a time.",
    form: "a whole number from 1 to 64",
    default: "2",
    readers: ["uploader"],
  },
  AWS_REGION: {
    meaning:
      "AWS's own: the region of bucket and key. Credentials come from AWS's other variables, too.",
    form: "a region's name, as us-east-1",
    default: "us-east-1",
    readers: ["gateway", "uploader"],
  },
  REELHOUSE_LOG_LEVEL: {
    meaning: "The least level that is logged.",
    form: "one of trace, debug, info, warn, error, fatal",
    default: "info",
    readers: ["gateway", "uploader", "inventory", "standalone"],
  },
} as const satisfies Record<`REELHOUSE_${string}` | "AWS_REGION", SettingRow>;
export type SettingName = keyof typeof KNOWN_SETTINGS;
