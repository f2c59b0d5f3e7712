/**
 * The access file while the gateway runs: looked at once a second, read when it has changed and stands still. What it says
 * holds from then on; a file with faults changes nothing, and is told of once. Looking finds what notifications do not:
 * another file by that name, a link that points elsewhere (Kubernetes), a file of another machine.
 */
import { stat } from "node:fs/promises";
import { ConfigError, errorCode } from "@reelhouse/service-kit";
import type { Logger, Metrics } from "@reelhouse/service-kit";
import type { Access } from "./access.ts";
import type { Rules } from "./rules.ts";

/** A faulty file is read again after so many looks: a target that it names may have come since. */
const looksUntilAgain = 15;

export interface AccessFileState {
  /** What is wrong with it as it is now, without a secret; empty: its rules hold. */
  readonly faults: readonly string[];
  /** When the rules that hold were read. */
  readonly readAt: Date;
}

export interface AccessFileWatch {
  readonly state: AccessFileState;
  /** Looks at it; resolves when nothing more is to be done about what was seen. Never rejects. */
  look(): Promise<void>;
}

export interface AccessFileWatchOptions {
  readonly file: string;
  /** Throws ConfigError with all faults. */
  readonly read: () => Promise<Rules>;
  readonly access: Pick<Access, "replaceFixed">;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly now: () => Date;
}

/** Call it before the file is read for the first time: a change from then on is seen. */
export async function fingerprintOf(file: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(" ");
  } catch (error) {
    return errorCode(error) ?? "unknown error";
  }
}

/** `seen`: the fingerprint of the file that was read at the start. */
export function watchAccessFile(seen: string, options: AccessFileWatchOptions): AccessFileWatch {
  const { file, read, access, logger, metrics, now } = options;
  let state: AccessFileState = { faults: [], readAt: now() };
  let settled = seen;
  let last = seen;
  let looksSinceRead = 0;
  let looking: Promise<void> | undefined;
  metrics.gauge(
    "iscsi_access_file_faults",
    "Faults of the access file as it is now, because of which rules of before hold; 0: there is none.",
    [],
    (self) => self.set(state.faults.length),
  );

  const found = (faults: readonly string[]): void => {
    const isNew = faults.join("\n") !== state.faults.join("\n");
    state = { ...state, faults };
    if (!isNew) return;
    logger.error(
      { event: "access.file-faulty", faults },
      "the access file is faulty; the rules of before hold",
    );
  };

  const readAgain = async (): Promise<void> => {
    try {
      const subjects = await access.replaceFixed(await read());
      state = { faults: [], readAt: now() };
      logger.info(
        { event: "access.file-read", subjects },
        "the access file has changed, and its rules hold",
      );
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      found(error.faults);
    }
  };

  const look = async (): Promise<void> => {
    const fingerprint = await fingerprintOf(file);
    const standsStill = fingerprint === last;
    last = fingerprint;
    looksSinceRead += 1;
    const again = state.faults.length > 0 && looksSinceRead >= looksUntilAgain;
    // One that is being written may look whole.
    if (!standsStill || (fingerprint === settled && !again)) return;
    settled = fingerprint;
    looksSinceRead = 0;
    await readAgain();
  };

  return {
    get state() {
      return state;
    },
    look() {
      looking ??= look().finally(() => (looking = undefined));
      return looking;
    },
  };
}
