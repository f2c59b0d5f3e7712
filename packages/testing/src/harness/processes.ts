/** The product's processes as /proc shows them: who is a child of whom, and which service it runs. */
import { readdirSync, readFileSync } from "node:fs";

export interface ProcessInfo {
  readonly pid: number;
  readonly parentPid: number;
  readonly commandLine: string;
}

export const SERVICE_PATTERNS = {
  gateway: /services\/gateway\/src\//,
  uploader: /services\/uploader\/src\//,
  inventory: /services\/inventory\/src\//,
  cloud: /services\/cloud\/src\//,
  postgres: /(^|\/)postgres(\s|:|$)/,
} as const;
export type ServiceName = keyof typeof SERVICE_PATTERNS;

const readProcess = (pid: number): ProcessInfo | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The command's name stands in brackets and may hold anything: fields are counted after the last one.
    const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (state === "Z" || parent === undefined) return undefined;
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " ").trim();
    return { pid, parentPid: Number(parent), commandLine };
  } catch {
    // It ended between the listing and the reading.
    return undefined;
  }
};

/** Every living process below `rootPid`, itself not included; parents before their children. */
export const descendantsOf = (rootPid: number): ProcessInfo[] => {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((info) => info !== undefined);
  const found: ProcessInfo[] = [];
  let generation = new Set([rootPid]);
  while (generation.size > 0) {
    const parents = generation;
    const children = all.filter((info) => parents.has(info.parentPid));
    found.push(...children);
    generation = new Set(children.map((info) => info.pid));
  }
  return found;
};

/** The first process (nearest the root) of each service. */
export const servicesOf = (rootPid: number): Partial<Record<ServiceName, number>> => {
  const services: Partial<Record<ServiceName, number>> = {};
  for (const { pid, commandLine } of descendantsOf(rootPid)) {
    for (const [name, pattern] of Object.entries(SERVICE_PATTERNS)) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- keys of the table above
      if (pattern.test(commandLine)) services[name as ServiceName] ??= pid;
    }
  }
  return services;
};
