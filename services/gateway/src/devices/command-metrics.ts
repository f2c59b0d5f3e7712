/** Metrics of commands, and the log line of each that did not end with GOOD. */
import { changerCommands, driveCommands, status } from "@reelhouse/scsi";
import type { Logger, Metrics } from "@reelhouse/service-kit";
import type { CommandWatch } from "./watch-commands.ts";

const names = new Map(
  [...changerCommands, ...driveCommands].map((command) => [command.opcode, command.name]),
);
const statusNames = new Map<number, string>(
  Object.entries(status).map(([name, code]) => [code, name]),
);

const hex = (byte: number | undefined) => (byte ?? 0).toString(16).padStart(2, "0");

/** Sense key and additional sense code of fixed format sense data (SPC-5 4.4.3), as `key/asc/ascq` in hexadecimal. */
const senseText = (sense: Uint8Array | undefined): string | undefined => {
  if (sense === undefined) return undefined;
  return `${hex((sense[2] ?? 0) & 0x0f)}/${hex(sense[12])}/${hex(sense[13])}`;
};

export function createCommandWatch(logger: Logger, metrics: Metrics): CommandWatch {
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
  return {
    ended(device, task, completion) {
      const opcode = task.cdb[0] ?? 0;
      const command = names.get(opcode) ?? "unknown";
      const statusName = statusNames.get(completion.status) ?? String(completion.status);
      commands.inc({ device, command, status: statusName });
      if (completion.dataIn !== undefined)
        bytes.inc({ device, direction: "read" }, completion.dataIn.byteLength);
      if (completion.status === status.good) {
        if (task.expectedDataOutLength > 0)
          bytes.inc({ device, direction: "write" }, task.expectedDataOutLength);
        return;
      }
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
