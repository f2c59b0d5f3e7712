/**
 * A conversation as data: the world it happens in, and its steps. What the fuzzer finds is kept and played again in this
 * form, a line a step with its bytes deflated, so that it does not depend on how it was found.
 */
import assert from "node:assert/strict";
import { deflateRawSync, inflateRawSync } from "node:zlib";

/** What stands at the target's end. */
export interface World {
  /** Commands of `commandWindow()`. */
  readonly window: number;
  readonly chap: boolean;
  readonly exclusive: boolean;
  readonly moved: boolean;
}

/** `on`: the connection, 0 or 1. */
export type Step =
  | { readonly kind: "send"; readonly on: number; readonly bytes: Uint8Array; readonly cut: number }
  | { readonly kind: "letGo"; readonly all: boolean }
  | { readonly kind: "tick"; readonly ms: number }
  | { readonly kind: "lose"; readonly on: number }
  | { readonly kind: "drain" };

export interface Conversation {
  readonly world: World;
  readonly steps: readonly Step[];
}

const formats: { readonly [K in Step["kind"]]: (step: Extract<Step, { kind: K }>) => string } = {
  send: ({ on, cut, bytes }) =>
    `${on} ${cut} ${deflateRawSync(bytes, { level: 9 }).toString("base64")}`,
  letGo: ({ all }) => (all ? "all" : "one"),
  tick: ({ ms }) => String(ms),
  lose: ({ on }) => String(on),
  drain: () => "",
};

const readers: { readonly [K in Step["kind"]]: (words: readonly string[]) => Step } = {
  send: ([on = "0", cut = "0", bytes = ""]) => ({
    kind: "send",
    on: Number(on),
    cut: Number(cut),
    bytes: Uint8Array.from(inflateRawSync(Buffer.from(bytes, "base64"))),
  }),
  letGo: ([which]) => ({ kind: "letGo", all: which === "all" }),
  tick: ([ms]) => ({ kind: "tick", ms: Number(ms) }),
  lose: ([on]) => ({ kind: "lose", on: Number(on) }),
  drain: () => ({ kind: "drain" }),
};

function isKind(word: string): word is Step["kind"] {
  return word in readers;
}

/** One line a step; the first line is the world. */
export function formatConversation({ world, steps }: Conversation): string {
  const lines = steps.map((step) => {
    // The formatter of the step's own kind: the table's type pairs them.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const format = formats[step.kind] as (step: Step) => string;
    return `${step.kind} ${format(step)}`.trimEnd();
  });
  const { window, ...flags } = world;
  const set = Object.entries(flags).flatMap(([name, on]) => (on ? [name] : []));
  return [["world", window, ...set].join(" "), ...lines].join("\n");
}

/** Throws AssertionError when the text is no conversation. */
export function parseConversation(text: string): Conversation {
  const [head = "", ...lines] = text.trim().split("\n");
  const [word, window, ...flags] = head.split(" ");
  assert(word === "world", `a conversation begins with its world, not with: ${head}`);
  const steps = lines.map((line) => {
    const [kind = "", ...words] = line.split(" ");
    assert(isKind(kind), `what is this step: ${kind}`);
    return readers[kind](words);
  });
  const has = (name: string): boolean => flags.includes(name);
  const world = {
    window: Number(window),
    chap: has("chap"),
    exclusive: has("exclusive"),
    moved: has("moved"),
  };
  return { world, steps };
}
