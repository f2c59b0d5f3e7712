/** Metrics of commands, and the log line of each that did not end with GOOD. */
import { changerCommands, driveCommands, status } from "@reelhouse/scsi";
import type { Logger, Metrics } from "@reelhouse/service-kit";
import type { Stalls } from "./stalls.ts";
import type { CommandWatch } from "./watch-commands.ts";

const names = new Map(
  [...changerCommands, ...driveCommands].map((command) => [command.opcode, command.name]),
);
const statusNames = new Map<number, string>(
  Object.entries(status).map(([name, code]) => [code, name]),
);

const nameOf = (opcode: number): string => names.get(opcode) ?? "unknown";
const statusOf = (code: number): string => statusNames.get(code) ?? String(code);

const hex = (byte: number | undefined) => (byte ?? 0).toString(16).padStart(2, "0");

/** Sense key and additional sense code of fixed format sense data (SPC-5 4.4.3), as `key/asc/ascq` in hexadecimal. */
const senseText = (sense: Uint8Array | undefined): string | undefined => {
  if (sense === undefined) return undefined;
  return `${hex((sense[2] ?? 0) & 0x0f)}/${hex(sense[12])}/${hex(sense[13])}`;
};

/** A function of device, opcode and status whose answers are kept. */
function remembered<T>(
  make: (device: string, opcode: number, code: number) => T,
): (device: string, opcode: number, code: number) => T {
  const byDevice = new Map<string, Map<number, T>>();
  return (device, opcode, code) => {
    let made = byDevice.get(device);
    if (made === undefined) byDevice.set(device, (made = new Map()));
    const key = opcode * 256 + code;
    let value = made.get(key);
    if (value === undefined) made.set(key, (value = make(device, opcode, code)));
    return value;
  };
}

export function createCommandWatch(logger: Logger, metrics: Metrics, stalls: Stalls): CommandWatch {
  const commands = metrics.counter("scsi_commands_total", "Commands by device, name and status.", [
    "device",
    "command",
    "status",
  ]);
  const bytes = metrics.counter(
    "scsi_data_bytes_total",
    "Bytes of data, by device and direction (as the host sees it).",
    ["device", "direction"],
  );
  /** Looking labels up costs more than counting: each set of them is looked up once. */
  const commandCounters = remembered((device, opcode: number, code: number) =>
    commands.labels({ device, command: nameOf(opcode), status: statusOf(code) }),
  );
  const readCounters = remembered((device) => bytes.labels({ device, direction: "read" }));
  const writeCounters = remembered((device) => bytes.labels({ device, direction: "write" }));
  return {
    begun: (device) => stalls.begun(device),
    ended(device, task, completion) {
      stalls.ended(device);
      const opcode = task.cdb[0] ?? 0;
      commandCounters(device, opcode, completion.status).inc();
      if (completion.dataIn !== undefined)
        readCounters(device, 0, 0).inc(completion.dataIn.byteLength);
      if (completion.status === status.good) {
        if (task.expectedDataOutLength > 0)
          writeCounters(device, 0, 0).inc(task.expectedDataOutLength);
        return;
      }
      const command = nameOf(opcode);
      const statusName = statusOf(completion.status);
      logger.debug(
        {
          event: "scsi.status",
          device,
          command,
          opcode,
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
