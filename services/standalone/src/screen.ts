/** What the operator sees: one line a step with its time, remarks between them, all plain text. */
export interface Screen {
  /** `postgres … 0.8 s`: prints the name, runs the work, prints how long it took (since `begun`, a performance.now(), if given). */
  step<Value>(name: string, work: () => Promise<Value>, begun?: number): Promise<Value>;
  /** A line of its own, also in the middle of a step. */
  readonly say: (line: string) => void;
}

const nameColumns = 14;

const seconds = (begun: number): string => `${((performance.now() - begun) / 1000).toFixed(1)} s`;

/** `write` gets pieces of text; a step's line comes in two. */
export const createScreen = (write: (text: string) => void): Screen => {
  let midLine = false;
  const finish = (name: string, text: string) => {
    write(midLine ? `${text}\n` : `  ${name.padEnd(nameColumns)} ${text}\n`);
    midLine = false;
  };
  return {
    say: (line) => {
      write(midLine ? `\n${line}\n` : `${line}\n`);
      midLine = false;
    },
    step: async (name, work, begun = performance.now()) => {
      write(`  ${name.padEnd(nameColumns)} … `);
      midLine = true;
      try {
        const value = await work();
        finish(name, seconds(begun));
        return value;
      } catch (error) {
        finish(name, `failed after ${seconds(begun)}`);
        throw error;
      }
    },
  };
};
