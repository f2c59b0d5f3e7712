/**
 * REELHOUSE_ISCSI_ACCESS_FILE: access rules that are kept by whoever keeps the configuration. Read at the start and when
 * it has changed; what it names, the API does not change. All its faults are named at once, and no secret with them.
 */
import { open } from "node:fs/promises";
import { discoveryAccess, targetAccess } from "@reelhouse/contracts";
import { ConfigError, errorCode } from "@reelhouse/service-kit";
import { z } from "zod";
import { discovery, everyOther, normalized, reusedSecrets, subjectOf } from "./rules.ts";
import type { Rule, Rules, Subject } from "./rules.ts";

const setting = "REELHOUSE_ISCSI_ACCESS_FILE";
/** What others must not be able to do, with a file of our own and with another user's: ours by group may be to read it. */
const groupAndOthers = 0o077;
const allButGroupRead = 0o037;
/** A rule with 256 credentials is some 100 KiB. */
const fileBytesMax = 16 * 1024 ** 2;

const fileForm = z.strictObject({
  discovery: discoveryAccess.optional(),
  targets: z.record(z.string(), targetAccess).default({}),
});

/** Throws ConfigError with all faults. `targetNames`: the targets that there are. */
export async function readAccessFile(file: string, targetNames: readonly string[]): Promise<Rules> {
  const fail = (faults: readonly string[]) =>
    new ConfigError(faults.map((fault) => `${setting}: ${file}: ${fault}.`));
  const text = await readText(file).catch((error: unknown) => {
    throw fail([error instanceof FileFault ? error.message : `cannot be read (${codeOf(error)})`]);
  });
  const parsed = fileForm.safeParse(parseJson(text, fail));
  const known = new Set<Subject>([everyOther, ...targetNames.map(subjectOf)]);
  if (!parsed.success)
    throw fail(parsed.error.issues.map(({ path, message }) => `${pathText(path)} ${message}`));
  const rules = rulesOf(parsed.data);
  const strangers = [...rules.keys()]
    .filter((subject) => subject !== discovery && !known.has(subject))
    .map((subject) => `targets.${subject} is no target of this gateway`);
  const reused = reusedSecrets(rules).map(
    ({ subject, index }) =>
      `${subject}: the target's secret of credential ${index} proves an initiator, too; take another`,
  );
  if (strangers.length + reused.length > 0) throw fail([...strangers, ...reused]);
  return rules;
}

function rulesOf({ discovery: own, targets }: z.infer<typeof fileForm>): Rules {
  const rules = new Map<Subject, Rule>();
  if (own !== undefined)
    rules.set(discovery, normalized({ ...own, initiators: null, severalInitiators: true }));
  for (const [name, rule] of Object.entries(targets)) rules.set(subjectOf(name), normalized(rule));
  return rules;
}

/**
 * Whether anybody but who keeps the file and us may read or change it. A file of root that we read by our group, 0640 or a
 * Kubernetes secret with fsGroup, is for us.
 */
export const isOpenToOthers = (
  { mode, uid }: { readonly mode: number; readonly uid: number },
  ownUid: number | undefined,
): boolean => (mode & (uid === ownUid ? groupAndOthers : allButGroupRead)) !== 0;

class FileFault extends Error {
  override readonly name = "FileFault";
}

async function readText(file: string): Promise<string> {
  await using handle = await open(file, "r");
  const { mode, uid, size } = await handle.stat();
  if (isOpenToOthers({ mode, uid }, process.getuid?.()))
    throw new FileFault(`may be read by other users. To fix: chmod 600 ${file}`);
  if (size > fileBytesMax) throw new FileFault("is too long for access rules");
  return handle.readFile("utf8");
}

/** JSON.parse's own message quotes the text, which holds secrets. */
function parseJson(text: string, fail: (faults: readonly string[]) => ConfigError): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const at = /line \d+ column \d+/.exec(error instanceof Error ? error.message : "")?.[0];
    throw fail([at === undefined ? "is no JSON" : `is no JSON at ${at}`]);
  }
}

const codeOf = (error: unknown): string => errorCode(error) ?? "unknown error";
const pathText = (path: readonly PropertyKey[]): string =>
  path.length === 0 ? "the file" : path.map(String).join(".");
