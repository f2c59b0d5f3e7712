/** Where logins to targets are sent instead (RFC 7143 11.13.5), as an operator said; kept in `gateway/redirects.json`. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { targetRedirect } from "@reelhouse/contracts";
import type { TargetRedirect } from "@reelhouse/contracts";
import { errorCode, replaceFile } from "@reelhouse/service-kit";
import { z } from "zod";
import { createInTurn } from "../in-turn.ts";

const fileForm = z.record(z.string(), targetRedirect);

export interface Redirects {
  of(targetName: string): TargetRedirect | undefined;
  /** Durable when it resolves; `undefined`: the target is here again. */
  set(targetName: string, redirect: TargetRedirect | undefined): Promise<void>;
}

/** `changed`: sessions of the target are to leave. */
export async function openRedirects(
  directory: string,
  changed: (targetName: string) => void,
): Promise<Redirects> {
  const file = path.join(directory, "redirects.json");
  let kept = new Map(Object.entries(await read(file)));
  const inTurn = createInTurn();
  return {
    of: (targetName) => kept.get(targetName),
    set: (targetName, redirect) =>
      inTurn(async () => {
        const after = new Map(kept);
        if (redirect === undefined) after.delete(targetName);
        else after.set(targetName, redirect);
        await replaceFile(file, JSON.stringify(Object.fromEntries(after), null, 1));
        kept = after;
        if (redirect !== undefined) changed(targetName);
      }),
  };
}

/** A file that cannot be read stops the start: a target that has moved must not be served twice. */
async function read(file: string): Promise<z.infer<typeof fileForm>> {
  try {
    return fileForm.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    if (errorCode(error) === "ENOENT") return {};
    throw new Error(
      `the redirections in ${file} cannot be read; restore the file from a copy, or remove it to serve every target here`,
      { cause: error },
    );
  }
}
