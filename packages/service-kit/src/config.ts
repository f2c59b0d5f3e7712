/**
 * Environment → one frozen object, or one error that names every fault at once. A service calls it once, in main.ts.
 *
 * The schema's keys are camel case, the variables their upper snake case behind the prefix: `segmentBytesMax` is
 * REELHOUSE_SEGMENT_BYTES_MAX. An empty variable counts as unset, because compose files cannot unset one. A setting
 * marked secret may stand in a file instead, see secret-files.ts.
 */
import type { z } from "zod";
import { KNOWN_SETTINGS, type SettingRow } from "./known-settings.ts";
import { nearestName } from "./nearest-name.ts";
import { readSecretFiles, secretFileNames } from "./secret-files.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface LoadConfigOptions {
  readonly prefix?: string;
  /** Every setting known to the product, for faults and their remedies. */
  readonly known?: Readonly<Record<string, SettingRow>>;
}

/** What is wrong with the environment, a line per fault. Its message is for a screen and holds no secret. */
export class ConfigError extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    const count = faults.length === 1 ? "1 setting is" : `${faults.length} settings are`;
    super(`${count} wrong:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
    this.name = "ConfigError";
    this.faults = faults;
  }
}

/** `segmentBytesMax` → `REELHOUSE_SEGMENT_BYTES_MAX`; `awsRegion` → `AWS_REGION`, for AWS's names are its own. */
export const variableName = (key: string, prefix = "REELHOUSE_"): string => {
  const name = key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
  return name.startsWith("AWS_") ? name : prefix + name;
};

const describeFault = (
  name: string,
  value: string | undefined,
  message: string,
  row: SettingRow | undefined,
): string => {
  const shown = row?.secret === true ? "its value (not shown)" : JSON.stringify(value);
  const wrong = value === undefined ? "is not set" : `${shown} ${message}`;
  const wanted = row === undefined ? "" : `; wanted: ${row.form}`;
  const set = row?.secret === true ? `set ${name}, or ${name}_FILE to a file` : `set ${name}`;
  const example = row?.default == null ? set : `e.g. ${name}=${row.default}`;
  const remedy = value === undefined ? example : `${example}, or unset it`;
  return `${name}: ${wrong}${wanted}. To fix: ${remedy}. (${row?.meaning ?? "No description."})`;
};

const unknownFaults = (environment: Environment, prefix: string, known: readonly string[]) =>
  Object.keys(environment)
    .filter((name) => name.startsWith(prefix) && !known.includes(name))
    .map((name) => {
      const nearest = nearestName(name, known, prefix);
      const remedy = nearest === null ? "unset it" : `did you mean ${nearest}?`;
      return `${name}: there is no such setting. To fix: ${remedy}${nearest === null ? "." : ""}`;
    });

/** Reads the variables of `schema`. Throws ConfigError with all faults; a key the product does not know is one. */
export const loadConfig = <Schema extends z.ZodObject>(
  schema: Schema,
  given: Environment,
  { prefix = "REELHOUSE_", known = KNOWN_SETTINGS }: LoadConfigOptions = {},
): Readonly<z.infer<Schema>> => {
  const keys = Object.keys(schema.shape);
  const names = keys.map((key) => variableName(key, prefix));
  const { environment, faults: fileFaults } = readSecretFiles(given, names, known);
  const present = keys.flatMap((key) => {
    const value = environment[variableName(key, prefix)];
    return value === undefined || value === "" ? [] : [[key, value] as const];
  });
  const values: Readonly<Record<string, string>> = Object.fromEntries(present);
  const parsed = schema.safeParse(values);
  const knownNames = [...Object.keys(known), ...names, ...secretFileNames(known)];
  const faults = [
    ...fileFaults.values(),
    ...(parsed.error?.issues ?? []).flatMap((issue) => {
      const key = String(issue.path[0] ?? "");
      const name = variableName(key, prefix);
      // What is wrong with its file has been said.
      return fileFaults.has(name)
        ? []
        : [describeFault(name, values[key], issue.message, known[name])];
    }),
    ...unknownFaults(given, prefix, knownNames),
  ];
  if (faults.length > 0 || parsed.data === undefined) throw new ConfigError(faults);
  return Object.freeze(parsed.data);
};
