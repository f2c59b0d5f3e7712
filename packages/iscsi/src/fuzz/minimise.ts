/** Test only: the shortest part of a conversation in which something still happens. */
import { replay, type Verdict } from "./conversation.ts";
import type { Conversation, Step } from "./steps.ts";

type Happens = (verdict: Verdict) => boolean;
type Flags = Parameters<typeof replay>[1];

/** Leaves out steps, many at a time and then one by one, as long as it still happens. */
export async function minimise(
  conversation: Conversation,
  happens: Happens,
  flags?: Flags,
): Promise<Conversation> {
  const { world } = conversation;
  let steps: readonly Step[] = conversation.steps;
  for (let size = steps.length >> 1; size >= 1; size >>= 1) {
    for (let at = steps.length - size; at >= 0; at -= size) {
      const fewer = steps.toSpliced(at, size);
      if (happens(await replay({ world, steps: fewer }, flags))) steps = fewer;
    }
  }
  return { world, steps };
}
