/** Metrics of commands, and the log line of each that did not end with GOOD. */
import { status } from "@reelhouse/scsi";
import type { Logger, Metrics } from "@reelhouse/service-kit";
import type { Stalls } from "./stalls.ts";
import type { CommandWatch } from "./watch-commands.ts";

const statusNames = new Map<number, string>(
  Object.entries(status).map(([name, code]) => [code, name]),
);

const statusOf = (code: number): string => statusNames.get(code) ?? String(code);

const hex = (byte: number | undefined) => (byte ?? 0).toString(16).padStart(2, "0");

/** RESPONSE CODE 72h and 73h: descriptor format (SPC-5 4.4.2). */
const isDescriptorFormat = (sense: Uint8Array): boolean => ((sense[0] ?? 0) & 0x7e) === 0x72;

/** Sense key and additional sense code (SPC-5 4.4), as `key/asc/ascq` in hexadecimal. */
const senseText = (sense: Uint8Array | undefined): string | undefined => {
  if (sense === undefined) return undefined;
  const [key, asc, ascq] = isDescriptorFormat(sense) ? [1, 2, 3] : [2, 12, 13];
  return `${hex((sense[key] ?? 0) & 0x0f)}/${hex(sense[asc])}/${hex(sense[ascq])}`;
};

/** A function whose answers are kept: looking labels up costs more than counting. */
function remembered<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return (key) => {
    let value = made.get(key);
    if (value === undefined) made.set(key, (value = make(key)));
    return value;
  };
}

export function createCommandWatch(logger: Logger, metrics: Metrics, stalls: Stalls): CommandWatch {
  const commands = metrics.tally("scsi_commands_total", "Commands by device, name and status.", [
    "device",
    "command",
    "status",
  ]);
  const bytes = metrics.tally(
    "scsi_data_bytes_total",
    "Bytes of data, by device and direction (as the host sees it).",
    ["device", "direction"],
  );
  const countersOf = remembered((device: string) => ({
    read: bytes({ device, direction: "read" }),
    write: bytes({ device, direction: "write" }),
    ended: remembered((command: string) =>
      remembered((code: number) => commands({ device, command, status: statusOf(code) })),
    ),
  }));
  return {
    begun: ({ name }) => stalls.begun(name),
    ended(watched, task, completion) {
      const { name: device } = watched;
      stalls.ended(device);
      const counters = countersOf(device);
      const command = watched.commandName(task.cdb) ?? "unknown";
      counters.ended(command)(completion.status).value += 1;
      if (completion.dataIn !== undefined) counters.read.value += completion.dataIn.byteLength;
      if (completion.status === status.good) {
        counters.write.value += task.expectedDataOutLength;
        return;
      }
      const statusName = statusOf(completion.status);
      logger.debug(
        {
          event: "scsi.status",
          device,
          command,
          opcode: task.cdb[0],
          status: statusName,
          sense: senseText(completion.sense),
          initiatorName: task.nexus.initiatorName,
          initiatorTaskTag: task.initiatorTaskTag,
        },
        `${command} ended with ${statusName}`,
      );
    },
  };
}
