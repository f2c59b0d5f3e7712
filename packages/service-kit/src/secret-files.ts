/**
 * Secrets by file: beside each setting that may hold a password, `<SETTING>_FILE` names a file that holds its value, so
 * that it stands in no `docker inspect` and in no process list. The file is read once, at start.
 */
import { readFileSync, statSync } from "node:fs";
import { errorCode } from "./error-code.ts";
import type { SettingRow } from "./known-settings.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const suffix = "_FILE";
/** A URL or a token is far shorter; a larger file is another one. */
const fileBytesMax = 16 * 1024;

/** What the file holds without white space around it, or what is wrong with it, with the remedy. */
const readSecret = (file: string): { readonly value: string } | { readonly fault: string } => {
  try {
    const stat = statSync(file);
    if (!stat.isFile()) return { fault: `${file} is not a file. To fix: name a file` };
    if (stat.size > fileBytesMax) {
      return {
        fault: `${file} has ${stat.size} bytes, too many for a secret. To fix: name another`,
      };
    }
    const value = readFileSync(file, "utf8").trim();
    return value === ""
      ? { fault: `${file} is empty. To fix: write the value into it` }
      : { value };
  } catch (error) {
    const code = errorCode(error) ?? "unknown error";
    const remedies: Readonly<Record<string, string>> = {
      ENOENT: "make it, or name another",
      EACCES: "give it to the user who runs the service (chown), mode 600",
    };
    return { fault: `${file} cannot be read (${code}). To fix: ${remedies[code] ?? "see to it"}` };
  }
};

/** The `_FILE` names of `known`'s secret settings. */
export const secretFileNames = (known: Readonly<Record<string, SettingRow>>): readonly string[] =>
  Object.entries(known)
    .filter(([, row]) => row.secret === true)
    .map(([name]) => name + suffix);

/**
 * `environment` with the files' contents in place of their names, for those of `wanted` that are secret; and a fault for
 * each file that cannot be used, which then counts as the setting's only fault.
 */
export const readSecretFiles = (
  environment: Environment,
  wanted: readonly string[],
  known: Readonly<Record<string, SettingRow>>,
): { readonly environment: Environment; readonly faults: ReadonlyMap<string, string> } => {
  const values: Record<string, string> = {};
  const faults = new Map<string, string>();
  for (const name of wanted.filter((each) => known[each]?.secret === true)) {
    const file = environment[name + suffix];
    if (file === undefined || file === "") continue;
    if ((environment[name] ?? "") !== "") {
      faults.set(name, `${name + suffix}: ${name} is set, too. To fix: unset one of them.`);
      continue;
    }
    const read = readSecret(file);
    if ("value" in read) values[name] = read.value;
    else faults.set(name, `${name + suffix}: ${read.fault}. (${known[name]?.meaning ?? ""})`);
  }
  return { environment: { ...environment, ...values }, faults };
};
