/** Test only: many conversations, one after the other, until so many PDUs were sent or one went wrong. */
import { converse, replay } from "./conversation.ts";
import { minimise } from "./minimise.ts";
import { formatConversation } from "./steps.ts";

export interface Slice {
  readonly pdus: number;
  readonly conversations: number;
  /** What went wrong, with all one needs to see it again; undefined: nothing. */
  readonly failure: string | undefined;
}

export interface SliceOptions {
  /** Conversation n has the seed `seed + n`. */
  readonly seed: number;
  readonly pdus: number;
  /** Called before each conversation. */
  readonly begin?: (seed: number) => void;
}

export async function runSlice({ seed, pdus, begin }: SliceOptions): Promise<Slice> {
  let sent = 0;
  let conversations = 0;
  while (sent < pdus) {
    const current = (seed + conversations) >>> 0;
    begin?.(current);
    const { conversation, verdict } = await converse(current);
    sent += verdict.pdus;
    conversations += 1;
    if (verdict.faults.length > 0)
      return {
        pdus: sent,
        conversations,
        failure: await tell(current, conversation, verdict.faults),
      };
  }
  return { pdus: sent, conversations, failure: undefined };
}

async function tell(
  seed: number,
  conversation: Parameters<typeof replay>[0],
  faults: readonly string[],
): Promise<string> {
  const [fault = ""] = faults;
  const kind = fault.slice(0, 40);
  const flags = { honest: fault.includes("is not what was sent"), inStep: true };
  const shortest = await minimise(
    conversation,
    (verdict) => verdict.faults.some((each) => each.startsWith(kind)),
    flags,
  );
  return `seed ${seed}: ${faults.join("; ")}\n${formatConversation(shortest)}`;
}
