/** Which process is meant: a pid alone is used again by the system, a pid with its start time is not. */
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

export const processIdentity = z.object({
  pid: z.int().min(2),
  /** Clock ticks from boot to the start of the process, with the boot's id; null where there is no /proc. */
  started: z.string().nullable(),
});
export type ProcessIdentity = z.infer<typeof processIdentity>;

const readOrNull = (file: string) => readFile(file, "utf8").catch(() => null);

/** proc(5): the command (field 2) may hold spaces and parentheses, so count from behind its last one. */
const startTicks = (stat: string): string | undefined =>
  stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];

const startedOf = async (pid: number): Promise<string | null> => {
  const [stat, boot] = await Promise.all([
    readOrNull(`/proc/${pid}/stat`),
    readOrNull("/proc/sys/kernel/random/boot_id"),
  ]);
  return stat === null || boot === null ? null : `${boot.trim()}:${startTicks(stat)}`;
};

export const identify = async (pid: number): Promise<ProcessIdentity> => ({
  pid,
  started: await startedOf(pid),
});

const answers = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** A process that ended but was not yet reaped by its parent holds nothing any more. */
const isZombie = async (pid: number): Promise<boolean> => {
  const stat = await readOrNull(`/proc/${pid}/stat`);
  return stat !== null && /^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
};

/** Does exactly that process still run? */
export const isAlive = async ({ pid, started }: ProcessIdentity): Promise<boolean> => {
  if (!answers(pid) || (await isZombie(pid))) return false;
  return started === null || (await startedOf(pid)) === started;
};

const pollMs = 50;

/** Waits for it to end by itself for `patienceMs`, then kills it. Resolves when it is gone. */
export const outlast = async (
  identity: ProcessIdentity,
  patienceMs: number,
): Promise<"ended" | "killed"> => {
  const deadline = performance.now() + patienceMs;
  while (await isAlive(identity)) {
    if (performance.now() < deadline) {
      await sleep(pollMs);
      continue;
    }
    process.kill(identity.pid, "SIGKILL");
    while (await isAlive(identity)) await sleep(pollMs);
    return "killed";
  }
  return "ended";
};
