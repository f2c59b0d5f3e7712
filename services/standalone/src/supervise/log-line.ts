/** A service's log line → what of it belongs on the screen: warnings and worse, briefly. */
import { z } from "zod";

const logged = z.looseObject({
  level: z.string(),
  msg: z.string().optional(),
  event: z.string().optional(),
  reason: z.string().optional(),
});

const shownLevels: ReadonlySet<string> = new Set(["warn", "error", "fatal"]);
const textMax = 300;

const parse = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
};

const brief = (text: string) => (text.length > textMax ? `${text.slice(0, textMax)}…` : text);

/** Null for what only the file needs. A line that is no JSON (a crash of Node itself) is shown as it stands. */
export const screenLine = (service: string, line: string): string | null => {
  const entry = logged.safeParse(parse(line));
  if (!entry.success) return line.trim() === "" ? null : `  [${service}] ${brief(line)}`;
  const { level, msg, event, reason } = entry.data;
  if (!shownLevels.has(level)) return null;
  const text = msg ?? event ?? "(no message)";
  // A fault of configuration is the operator's to read whole.
  const shown = level === "fatal" ? text : brief(text);
  return `  [${service}] ${level}: ${shown}${reason === undefined ? "" : ` (${brief(reason)})`}`;
};
