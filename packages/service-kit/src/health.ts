/**
 * Readiness: a list of named questions, each with a time limit. Alive is another matter: a process that answers at all
 * is alive, and one that waits for its database must not be killed for it.
 */
export interface HealthCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly milliseconds: number;
  /** Why not, for people. */
  readonly error?: string;
}

export interface Readiness {
  readonly ready: boolean;
  readonly checks: readonly HealthCheck[];
}

export interface Health {
  /** `check` throws or rejects when the service cannot do its work for that reason. */
  add(name: string, check: () => unknown): void;
  /** From now on not ready, whatever the checks say: the service is stopping. */
  drain(): void;
  readiness(): Promise<Readiness>;
}

const checkTimeoutMs = 2000;

const ask = async (name: string, check: () => unknown, timeoutMs: number): Promise<HealthCheck> => {
  const started = performance.now();
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  const milliseconds = () => Math.round(performance.now() - started);
  try {
    await Promise.race([Promise.resolve().then(check), timeout]);
    return { name, ok: true, milliseconds: milliseconds() };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { name, ok: false, milliseconds: milliseconds(), error: text };
  } finally {
    clearTimeout(timer);
  }
};

/** `timeoutMs`: how long one check may take. */
export const createHealth = ({
  timeoutMs = checkTimeoutMs,
}: { timeoutMs?: number } = {}): Health => {
  const checks = new Map<string, () => unknown>();
  let draining = false;
  return {
    add: (name, check) => {
      checks.set(name, check);
    },
    drain: () => {
      draining = true;
    },
    readiness: async () => {
      if (draining) {
        return {
          ready: false,
          checks: [
            { name: "draining", ok: false, milliseconds: 0, error: "the service is stopping" },
          ],
        };
      }
      const results = await Promise.all(
        [...checks].map(([name, check]) => ask(name, check, timeoutMs)),
      );
      return { ready: results.every(({ ok }) => ok), checks: results };
    },
  };
};
