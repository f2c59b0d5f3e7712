/** A library's state in its file: read at the start, replaced whole and atomically, seen only when it is on disk. */
import { readFile } from "node:fs/promises";
import { errorCode, replaceFile } from "@reelhouse/service-kit";
import { createInTurn } from "../in-turn.ts";
import type { InTurn } from "../in-turn.ts";
import { libraryState } from "./library-state.ts";
import type { LibraryState } from "./library-state.ts";

export interface KeptState {
  readonly state: LibraryState;
  readonly inTurn: InTurn;
  readonly keep: (after: LibraryState) => Promise<void>;
  /** The library is no more: a change that waits for its turn must not write the file again. */
  readonly end: () => void;
}

const writeState = (file: string, state: LibraryState): Promise<void> =>
  replaceFile(file, JSON.stringify(state, null, 1));

export function keepState(file: string, initial: LibraryState): KeptState {
  let state = initial;
  let ended = false;
  return {
    get state() {
      return state;
    },
    inTurn: createInTurn(),
    async keep(after) {
      if (ended) throw new Error(`the library ${state.library} is no more`);
      await writeState(file, after);
      state = after;
    },
    end: () => {
      ended = true;
    },
  };
}

/** Of a library that has no file yet, `initial` makes the state. */
export async function readState(file: string, initial: () => LibraryState): Promise<LibraryState> {
  try {
    return libraryState.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    if (errorCode(error) !== "ENOENT") {
      throw new Error(
        `the library's file ${file} cannot be read; restore it from a copy, do not delete it`,
        { cause: error },
      );
    }
    const state = initial();
    await writeState(file, state);
    return state;
  }
}
