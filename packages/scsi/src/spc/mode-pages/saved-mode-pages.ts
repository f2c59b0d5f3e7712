/** Saved mode pages (SPC-5 6.12, SP): the values a device begins with, instead of its defaults, after power on and reset. */
import type { DeviceStore } from "../../device-ports.ts";
import { chain } from "../../maybe-promise.ts";
import type { MaybePromise, Nexus } from "../../task.ts";
import type { ModePage } from "./mode-page.ts";

const storeName = "saved-mode-pages";

/** What is saved is shared by all nexuses: the pages do not look at whose this is. */
const nobody: Nexus = { initiatorPortName: "", portalGroupTag: 0 };

/** `0a`, or `0a/01` with a subpage code. */
const nameOf = ({ pageCode, subpageCode }: ModePage): string =>
  [pageCode, ...(subpageCode === undefined ? [] : [subpageCode])]
    .map((code) => code.toString(16).padStart(2, "0"))
    .join("/");

export class SavedModePages {
  readonly #store: DeviceStore;
  /** Bytes after the page length field, by page. */
  #saved = new Map<string, Uint8Array>();

  constructor(store: DeviceStore) {
    this.#store = store;
    for (const line of (store.get(storeName) ?? "").split("\n")) {
      const [name, values] = line.split(" ");
      if (name === undefined || values === undefined) continue;
      this.#saved.set(name, new Uint8Array(Buffer.from(values, "hex")));
    }
  }

  /** Saved values: what was saved where it may be changed, defaults elsewhere and where nothing was. */
  valuesOf(page: ModePage): Uint8Array {
    const saved = this.#saved.get(nameOf(page));
    // A page of another length was saved by a device of another kind.
    if (saved === undefined || saved.length !== page.defaults.length) return page.defaults;
    return page.defaults.map((byte, at) => {
      const mask = page.changeable[at]!;
      return (byte & ~mask) | (saved[at]! & mask);
    });
  }

  /** Saves the current values of all savable pages; they are kept when it has answered, and not when it rejects. */
  save(pages: readonly ModePage[]): MaybePromise<void> {
    const saved = new Map(this.#saved);
    for (const page of pages) {
      if (page.savable === true) saved.set(nameOf(page), page.current(nobody).slice());
    }
    const lines = [...saved].map(
      ([name, values]) => `${name} ${Buffer.from(values).toString("hex")}`,
    );
    return chain(this.#store.put(storeName, lines.join("\n")), () => {
      this.#saved = saved;
    });
  }

  /** Puts the saved values, else the defaults, in force in all savable pages. */
  restore(pages: readonly ModePage[]): void {
    for (const page of pages) {
      if (page.savable === true) page.apply?.(this.valuesOf(page), nobody);
    }
  }
}
