/** Starts hostile processes, adds up what they tell, and ends them. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Order, Tally } from "./attacker.ts";

const ATTACKER = join(import.meta.dirname, "attacker.ts");

export interface Attackers {
  /** Of all processes, what they told last. */
  readonly tally: Tally;
  stop(): Promise<void>;
}

export const startAttackers = (orders: readonly Order[]): Attackers => {
  const tallies = new Map<ChildProcess, Tally>();
  const children = orders.map((order) => {
    const child = fork(ATTACKER, [JSON.stringify(order)], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- attacker.ts sends nothing else
    child.on("message", (tally) => tallies.set(child, tally as Tally));
    return child;
  });
  const sum = (key: keyof Tally) =>
    [...tallies.values()].reduce((total, each) => total + each[key], 0);
  return {
    get tally() {
      return { opened: sum("opened"), closed: sum("closed"), open: sum("open") };
    },
    async stop() {
      await Promise.all(
        children.map(async (child) => {
          if (child.exitCode !== null) return;
          child.kill("SIGKILL");
          await once(child, "exit");
        }),
      );
    },
  };
};
