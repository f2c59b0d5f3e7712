/** Test only: the corpus, a conversation for each thing a target has to say, and how a run adds what it lacks. */
import { readFileSync, writeFileSync } from "node:fs";
import { converse } from "./conversation.ts";
import { minimise } from "./minimise.ts";
import { type Conversation, formatConversation, parseConversation } from "./steps.ts";

const file = new URL("../../corpus/conversations.txt", import.meta.url).pathname;
/** A refusal, a Reject or an end: what makes a conversation worth keeping. */
const WORTH = /^(?:refused |ended: |[A-Z][A-Za-z]+ [A-Za-z ]+: )/;

/** An end that a Reject announces is that Reject's conversation. */
const toldTwice = (outcome: string, known: ReadonlySet<string>): boolean => {
  const why = outcome.replace(/^ended(?=: )/, "");
  return why !== outcome && [...known].some((other) => other !== outcome && other.endsWith(why));
};

export interface Entry {
  readonly outcome: string;
  readonly conversation: Conversation;
}

/** Entries are set apart by empty lines; the first line of one is the outcome it is kept for. */
export function readCorpus(): Entry[] {
  return readFileSync(file, "utf8")
    .trim()
    .split("\n\n")
    .filter((text) => text !== "")
    .map((text) => {
      const [head = "", ...lines] = text.split("\n");
      return {
        outcome: head.replace(/^# /, ""),
        conversation: parseConversation(lines.join("\n")),
      };
    });
}

function write(entries: readonly Entry[]): void {
  const sorted = entries.toSorted((a, b) => (a.outcome < b.outcome ? -1 : 1));
  const texts = sorted.map(
    ({ outcome, conversation }) => `# ${outcome}\n${formatConversation(conversation)}\n`,
  );
  writeFileSync(file, texts.join("\n"));
}

/** Adds the outcomes that `count` conversations from `seed` on have and the corpus has not; answers how many. */
export async function addToCorpus(seed: number, count: number): Promise<number> {
  const entries = readCorpus();
  const before = entries.length;
  const known = new Set(entries.map(({ outcome }) => outcome));
  for (let current = seed; current < seed + count; current += 1) {
    const { conversation, verdict } = await converse(current);
    // Rejects come before ends in the set of a conversation.
    for (const outcome of verdict.outcomes) {
      if (known.has(outcome) || !WORTH.test(outcome) || toldTwice(outcome, known)) continue;
      known.add(outcome);
      const shortest = await minimise(conversation, ({ outcomes }) => outcomes.has(outcome));
      entries.push({ outcome, conversation: shortest });
    }
  }
  write(entries);
  return entries.length - before;
}
