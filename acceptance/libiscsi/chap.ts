/** What CHAP tries with libiscsi (RFC 7143 12.1): right and wrong, one way and mutual, of one secret a run. */
import { randomBytes } from "node:crypto";
import type { Part } from "../report.ts";
import { run } from "./test-cu.ts";

/** Of this run alone. */
const newSecret = (): string => randomBytes(8).toString("hex");

export const chap = {
  name: "acceptance",
  secret: newSecret(),
  targetName: "acceptance-target",
  targetSecret: newSecret(),
} as const;

type Environment = Readonly<Record<string, string>>;

/** The environment keeps secrets out of the process list. */
export const initiatorProves = (name: string = chap.name, secret: string = chap.secret) =>
  ({ LIBISCSI_CHAP_USERNAME: name, LIBISCSI_CHAP_PASSWORD: secret }) satisfies Environment;

const bothProve = (targetSecret: string) =>
  ({
    ...initiatorProves(),
    LIBISCSI_CHAP_TARGET_USERNAME: chap.targetName,
    LIBISCSI_CHAP_TARGET_PASSWORD: targetSecret,
  }) satisfies Environment;

const CASES: readonly (readonly [name: string, environment: Environment, isIn: boolean])[] = [
  ["CHAP", initiatorProves(), true],
  ["CHAP with a wrong secret", initiatorProves(chap.name, newSecret()), false],
  ["CHAP with a wrong name", initiatorProves("nobody"), false],
  ["CHAP by the target's secret", initiatorProves(chap.name, chap.targetSecret), false],
  ["no CHAP where it is asked for", {}, false],
  ["mutual CHAP", bothProve(chap.targetSecret), true],
  ["mutual CHAP with a target that proves another secret", bothProve(newSecret()), false],
];

/** Runs a program of libiscsi as each case does; who is let in is shown `shown`. */
export async function tryChap(
  part: Part,
  where: string,
  [program, ...args]: readonly [string, ...string[]],
  shown: string,
): Promise<void> {
  for (const [name, environment, isIn] of CASES) {
    const { code, output } = await run(program, args, environment);
    const wasIn = code === 0 && output.includes(shown);
    const what = `${program}, ${where}, ${name}`;
    if (wasIn === isIn) part.pass(`${what} (${isIn ? "in" : "refused"})`);
    else part.fail(`${what}: exit ${code}: ${output.trim().slice(-200)}`);
  }
}
