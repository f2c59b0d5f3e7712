/** What the guest prints (guest/main.sh, guest/lib.sh), as results of the scripts that print it. */
import { createPart, type Part } from "../report.ts";

/** Takes the guest's lines to the part of the script that prints them. */
export const createReader = (log: (line: string) => void, nameOf = (script: string) => script) => {
  const parts: Part[] = [];
  let current: Part | undefined;
  let ended = true;
  const begin = (script: string) => {
    current = createPart(nameOf(script));
    parts.push(current);
    ended = false;
  };
  const end = (milliseconds: number) => {
    if (current !== undefined) current.result.seconds = milliseconds / 1000;
    ended = true;
  };
  return {
    parts,
    /** Scripts that did not run, or had nothing to say: they have failed as well. */
    silent: (scripts: readonly string[]) =>
      scripts.filter((script) => {
        const result = parts.find((part) => part.result.name === nameOf(script))?.result;
        return result === undefined || result.passed + result.failed === 0;
      }),
    /** The script that had begun and not ended, if there is one. */
    unfinished: () => (ended ? undefined : current),
    read(line: string) {
      log(line);
      const [word, script = "", , milliseconds = "0"] = line.split(" ");
      if (word === "BEGIN") begin(script);
      else if (word === "END") end(Number(milliseconds));
      else current?.readLine(line);
    },
  };
};
