/**
 * The libraries of the gateway: the first, which it was born with, and those an operator added. Each has its state in a
 * file of its own: one is made by writing its file and ends by removing it, and both are atomic.
 */
import { mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import type { EventBody } from "@reelhouse/contracts";
import { openLibrary } from "./library.ts";
import type { Library } from "./library.ts";
import type { LibraryOf } from "./library-of.ts";
import type { LibraryState } from "./library-state.ts";

export interface Libraries {
  readonly first: Library;
  /** The first, then the others by name. */
  readonly all: () => readonly Library[];
  find(name: string): Library | undefined;
  readonly libraryOf: LibraryOf;
  /** On disk when it resolves. No library has that name. */
  add(state: LibraryState): Promise<Library>;
  /** Gone from the disk when it resolves; not the first. */
  remove(name: string): Promise<void>;
  /** Says to the inventory which libraries there are. */
  readonly list: () => void;
}

export interface LibrariesOptions {
  /** The gateway's state folder. */
  readonly directory: string;
  /** Makes the first library, at the first start. */
  readonly initial: () => LibraryState;
  readonly emit: (body: EventBody) => void;
}

const suffix = ".json";

/** A state never changes once it is there, so whose volumes it names is worked out once. */
const volumes = new WeakMap<LibraryState, ReadonlySet<string>>();

function volumesOf(state: LibraryState): ReadonlySet<string> {
  const known = volumes.get(state);
  if (known !== undefined) return known;
  const placed = state.cartridges.map(({ barcode }) => barcode);
  const found = new Set([...placed, ...state.arriving, ...state.removing]);
  volumes.set(state, found);
  return found;
}

export async function openLibraries(options: LibrariesOptions): Promise<Libraries> {
  const { directory, emit } = options;
  const file = path.join(directory, "library.json");
  const first = await openLibrary({ file, initial: options.initial, emit });
  const others = new Map<string, Library>();
  const othersDirectory = path.join(directory, "libraries");
  const fileOf = (name: string) => path.join(othersDirectory, `${name}${suffix}`);
  const open = async (name: string, initial: () => LibraryState): Promise<Library> => {
    const library = await openLibrary({ file: fileOf(name), initial, emit });
    others.set(name, library);
    return library;
  };
  await mkdir(othersDirectory, { recursive: true });
  for (const entry of (await readdir(othersDirectory)).toSorted()) {
    if (!entry.endsWith(suffix)) continue;
    await open(entry.slice(0, -suffix.length), () => {
      throw new Error(`${entry} went while it was read`);
    });
  }
  const all = () => [first, ...[...others.keys()].toSorted().map((name) => others.get(name)!)];
  const list = () =>
    emit({ type: "libraries.listed", libraries: all().map(({ state }) => state.library) });
  return {
    first,
    all,
    list,
    find: (name) => all().find(({ state }) => state.library === name),
    libraryOf(barcode) {
      for (const { state } of others.values())
        if (volumesOf(state).has(barcode)) return state.library;
      return first.state.library;
    },
    add: (state) => open(state.library, () => state),
    async remove(name) {
      await rm(fileOf(name));
      others.delete(name);
      list();
    },
  };
}
