/** The access rules put together: those of the API and, where there is one, of the access file, watched from then on. */
import type { Logger, Metrics } from "@reelhouse/service-kit";
import { fingerprintOf, watchAccessFile } from "./access-file-watch.ts";
import type { AccessFileWatch } from "./access-file-watch.ts";
import { readAccessFile } from "./access-file.ts";
import { openAccess } from "./access.ts";
import type { Access, AccessOptions } from "./access.ts";
import { openRulesFile } from "./rules-file.ts";

export interface AccessRulesOptions extends Pick<AccessOptions, "targetNames" | "changed"> {
  readonly stateDirectory: string;
  /** REELHOUSE_ISCSI_ACCESS_FILE. */
  readonly accessFile: string | undefined;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly now: () => Date;
}

export interface AccessRules {
  readonly access: Access;
  /** Undefined: there is no such file. */
  readonly accessFile: AccessFileWatch | undefined;
}

/** Throws ConfigError with all faults of the access file. */
export async function openAccessRules(options: AccessRulesOptions): Promise<AccessRules> {
  const { accessFile: file, stateDirectory, targetNames, changed } = options;
  const common = { targetNames, changed, file: await openRulesFile(stateDirectory) };
  if (file === undefined)
    return { access: await openAccess({ ...common, fixed: new Map() }), accessFile: undefined };
  const read = () => readAccessFile(file, targetNames());
  const seen = await fingerprintOf(file);
  const access = await openAccess({ ...common, fixed: await read() });
  return { access, accessFile: watchAccessFile(seen, { ...options, file, read, access }) };
}
