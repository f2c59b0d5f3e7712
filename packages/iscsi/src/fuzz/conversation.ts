/** Test only: one conversation, made up as it goes and written down, or played again from what was written down. */
import assert from "node:assert/strict";
import { noDigests, toWire } from "../pdu/codec.ts";
import { joinViews } from "../pdu/data-segment.ts";
import { HonestInitiator } from "./honest-initiator.ts";
import { mutations } from "./mutations.ts";
import { type Random, randomFrom } from "./random.ts";
import { CONNECTIONS, type Line, Stage } from "./stage.ts";
import type { Conversation, Step, World } from "./steps.ts";

export interface Verdict {
  /** What the target did that it must not; empty when all was well. */
  readonly faults: readonly string[];
  /** What it said, as a set of sentences without their numbers. */
  readonly outcomes: ReadonlySet<string>;
  readonly pdus: number;
}

interface Talk {
  readonly random: Random;
  readonly stage: Stage;
  readonly initiators: { readonly line: Line; readonly initiator: HonestInitiator }[];
  readonly world: World;
  /** A mutation comes once in so many PDUs: 0 is never. */
  readonly mutateOneIn: number;
}

function initiatorOf(talk: Talk, on: number): HonestInitiator {
  const line = talk.stage.line(on);
  const known = talk.initiators[on];
  if (known?.line === line) return known.initiator;
  const initiator = new HonestInitiator(talk.random, talk.world.chap);
  talk.initiators[on] = { line, initiator };
  return initiator;
}

function sendSteps(talk: Talk): Step[] {
  const { random, stage } = talk;
  const on = random.oneIn(5) ? random.int(CONNECTIONS) : 0;
  const initiator = initiatorOf(talk, on);
  const line = stage.line(on);
  initiator.hear(line.inbox.splice(0));
  const raw = initiator.next(line.info?.parameters);
  const digests = digestsOf(line);
  const cut = random.oneIn(20) ? 1 + random.int(100) : 0;
  if (talk.mutateOneIn === 0 || !random.oneIn(talk.mutateOneIn))
    return [{ kind: "send", on, cut, bytes: joinViews(toWire(raw, digests)) }];
  const mutation = random.pick(mutations);
  if (mutation.lies) stage.device.honest = false;
  const inLogin = line.info === undefined && mutation.derails === "in login";
  if (mutation.derails === "always" || inLogin) stage.inStep = false;
  return [mutation.apply(raw, digests, random)]
    .flat()
    .map((bytes) => ({ kind: "send", on, cut, bytes }));
}

function digestsOf({ info }: Line): { header: boolean; data: boolean } {
  if (info === undefined) return noDigests;
  return { header: info.parameters.headerDigest, data: info.parameters.dataDigest };
}

function nextSteps(talk: Talk): Step[] {
  const { random } = talk;
  if (random.oneIn(10)) return [{ kind: "letGo", all: random.oneIn(3) }];
  if (random.oneIn(30)) return [{ kind: "tick", ms: random.pick([100, 5000, 12_000]) }];
  if (random.oneIn(90)) return [{ kind: "lose", on: random.int(CONNECTIONS) }];
  if (random.oneIn(400)) return [{ kind: "drain" }];
  return sendSteps(talk);
}

/** What must hold when nothing more comes (the invariants of DESIGN.md). */
async function settle(stage: Stage): Promise<void> {
  await stage.take({ kind: "letGo", all: true });
  for (const { task, answered, statuses } of stage.device.all) {
    if (answered && !task.aborted && statuses !== 1)
      stage.faults.push(`tag ${task.initiatorTaskTag} was answered ${statuses} times`);
  }
  for (let on = 0; on < CONNECTIONS; on += 1) await stage.take({ kind: "lose", on });
  await stage.take({ kind: "letGo", all: true });
  if (stage.slabs.lent !== 0) stage.faults.push(`${stage.slabs.lent} slabs did not come back`);
  if (stage.device.dataInLent !== 0) stage.faults.push("Data-In was not released");
  if (stage.target.sessions.length > 0) stage.faults.push("a session is left");
  if (stage.target.connectionCount > 0) stage.faults.push("a connection is left");
  // Past the time to retain, every nexus is lost, as often as it was established.
  await stage.take({ kind: "tick", ms: 1 });
  await stage.take({ kind: "tick", ms: 60_000 });
  if (stage.device.nexuses !== 0) stage.faults.push(`${stage.device.nexuses} nexuses are left`);
  stage.faults.push(...stage.device.faults);
}

/** Whoever is logged in and in step is answered when it pings. */
async function pingAll(talk: Talk, steps: Step[]): Promise<void> {
  for (const [on, known] of talk.initiators.entries()) {
    const line = talk.stage.lines[on];
    if (known === undefined || line !== known.line || line.connection.state !== "LOGGED_IN")
      continue;
    const before = line.judge.pongs;
    known.initiator.hear(line.inbox.splice(0));
    const bytes = joinViews(toWire(known.initiator.ping(), digestsOf(line)));
    const step: Step = { kind: "send", on, cut: 0, bytes };
    steps.push(step);
    await talk.stage.take(step);
    const closed = line.connection.state !== "LOGGED_IN";
    if (line.judge.pongs === before && !closed)
      talk.stage.faults.push("a ping was not answered: the session hangs");
  }
}

const countPdus = (steps: readonly Step[]): number =>
  steps.filter((step) => step.kind === "send" && step.bytes.byteLength > 0).length;

/** Makes a conversation up. The same seed makes the same one. */
export async function converse(
  seed: number,
): Promise<{ conversation: Conversation; verdict: Verdict }> {
  const random = randomFrom(seed);
  const world: World = {
    window: random.pick([1, 2, 8, 32]),
    chap: random.oneIn(5),
    exclusive: random.oneIn(6),
    moved: random.oneIn(10),
  };
  const talk: Talk = {
    random,
    stage: new Stage(world),
    initiators: [],
    world,
    mutateOneIn: random.pick([0, 3, 10, 30]),
  };
  const steps: Step[] = [];
  const count = 10 + random.int(80);
  while (steps.length < count) {
    for (const step of nextSteps(talk)) {
      steps.push(step);
      await talk.stage.take(step);
    }
  }
  if (talk.stage.inStep) await pingAll(talk, steps);
  await settle(talk.stage);
  const { faults, outcomes } = talk.stage;
  return { conversation: { world, steps }, verdict: { faults, outcomes, pdus: countPdus(steps) } };
}

/** Plays a conversation again. That its data is an honest initiator's, and its stream in step, holds if the caller says so. */
export async function replay(
  { world, steps }: Conversation,
  { honest = false, inStep = false } = {},
): Promise<Verdict> {
  assert(world.window > 0, "a world has a window");
  const stage = new Stage(world);
  stage.device.honest = honest;
  stage.inStep = inStep;
  for (const step of steps) await stage.take(step);
  await settle(stage);
  return { faults: stage.faults, outcomes: stage.outcomes, pdus: countPdus(steps) };
}
