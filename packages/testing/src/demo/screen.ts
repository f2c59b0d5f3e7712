/** What the demo shows: steps with times, and one live line that is rewritten at a terminal and thinned out elsewhere. */

export interface Screen {
  /** Runs `act` under a heading and says how long it took. */
  readonly step: <T>(title: string, act: () => Promise<T>) => Promise<T>;
  line(text: string): void;
  /** The state of things now; replaces the one before where the output is a terminal. */
  live(text: string): void;
  table(rows: readonly (readonly [string, string])[]): void;
  /** Seconds each step took. */
  readonly times: readonly (readonly [string, number])[];
}

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/** Without a terminal a live line every so often is enough. */
const LIVE_EVERY_MS = 1000;
const CLEAR_LINE = "\r\u001B[2K";

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

export const makeScreen = (output: Output, now = () => performance.now()): Screen => {
  const times: [string, number][] = [];
  let live = false;
  let liveAt = -Infinity;
  const line = (text: string) => {
    output.write(`${live ? CLEAR_LINE : ""}${text}\n`);
    live = false;
  };
  return {
    times,
    line,
    step: async (title, act) => {
      const begun = now();
      line(`\n== ${title}`);
      const result = await act();
      const seconds = (now() - begun) / 1000;
      times.push([title, seconds]);
      line(`   … ${seconds.toFixed(1)} s`);
      return result;
    },
    live: (text) => {
      if (output.isTTY === true) {
        output.write(`${CLEAR_LINE}   ${text}`);
        live = true;
      } else if (now() - liveAt >= LIVE_EVERY_MS) {
        liveAt = now();
        line(`   ${text}`);
      }
    },
    table: (rows) => {
      const width = Math.max(...rows.map(([name]) => name.length));
      for (const [name, value] of rows) line(`   ${name.padEnd(width)}  ${value}`);
    },
  };
};
