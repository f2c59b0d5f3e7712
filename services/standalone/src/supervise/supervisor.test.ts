/** The supervisor on runs that the test ends: first start, new starts with growing pauses, stop in every state. */
import { expect, test, vi } from "vitest";
import { supervise, type Run } from "./supervisor.ts";

const pauses = { firstMs: 5, maxMs: 20, quietMs: 1000 };
const soon = { timeout: 2000, interval: 2 };

const setUp = (
  readiness: (attempt: number) => Promise<string> = async (attempt) => `run ${attempt}`,
) => {
  const said: string[] = [];
  const pids: (number | null)[] = [];
  const ends: ((why: string) => void)[] = [];
  const supervisor = supervise<string>({
    name: "gateway",
    pauses,
    say: (line) => void said.push(line),
    onPid: async (pid) => void pids.push(pid),
    run: (): Run<string> => {
      const { promise: ended, resolve } = Promise.withResolvers<string>();
      ends.push(resolve);
      return {
        pid: 100 + ends.length,
        ready: readiness(ends.length),
        ended,
        stop: async () => resolve("SIGTERM"),
      };
    },
  });
  return { supervisor, said, pids, ends };
};

test("it ends → said so, started again, its new pid noted", async () => {
  const { supervisor, said, pids, ends } = setUp();
  expect(await supervisor.start()).toBe("run 1");
  ends[0]?.("SIGKILL");
  await vi.waitFor(() => expect(said.at(-1)).toMatch(/gateway is back after/), soon);
  expect(said[0]).toContain("gateway ended (SIGKILL); starting it again");
  expect(pids).toEqual([101, null, 102]);
  await supervisor.stop();
  expect(pids).toEqual([101, null, 102, null]);
});

test("the first start fails → start() fails, nothing is left running", async () => {
  const { supervisor, pids, ends } = setUp(() => Promise.reject(new Error("port taken")));
  await expect(supervisor.start()).rejects.toThrow("port taken");
  await supervisor.stop();
  expect(pids).toEqual([101, null]);
  expect(ends).toHaveLength(1);
});

test("later starts fail → tried on, until one succeeds", async () => {
  const { supervisor, said, ends } = setUp((attempt) =>
    attempt === 2 || attempt === 3 ? Promise.reject(new Error("no")) : Promise.resolve("ok"),
  );
  await supervisor.start();
  ends[0]?.("exit 1");
  await vi.waitFor(() => expect(said.at(-1)).toContain("is back"), soon);
  expect(ends).toHaveLength(4);
  await supervisor.stop();
});

test("stop while it waits to start again → ends at once, no new run", async () => {
  const { supervisor, said, ends } = setUp();
  await supervisor.start();
  ends[0]?.("exit 1");
  await vi.waitFor(() => expect(said).toHaveLength(1), soon);
  await supervisor.stop();
  expect(ends).toHaveLength(1);
});
