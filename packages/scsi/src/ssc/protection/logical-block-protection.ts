/** Logical block protection of a drive: the settings of each nexus, and the mode page that makes them (SSC-5 8.4.9). */
import type { ModePage, ModePageFault } from "../../spc/mode-pages/mode-page.ts";
import type { Nexus } from "../../task.ts";
import type { BlockFilter } from "../blocks/block-filter.ts";
import { guards, informationLength, isProtectionMethod, protectionMethod } from "./methods.ts";
import { protectionFilter } from "./protection-filter.ts";

const pageLength = 28;
const directionBit = { write: 0x80, read: 0x40 } as const;

const defaults = new Uint8Array(pageLength);

/** LOGICAL BLOCK PROTECTION METHOD and INFORMATION LENGTH, LBP_W and LBP_R. RBDP: no buffered data can be recovered. */
const changeable = (() => {
  const bits = new Uint8Array(pageLength);
  bits.set([0xff, 0x3f, directionBit.write | directionBit.read]);
  return bits;
})();

function invalidField(data: Uint8Array): ModePageFault | undefined {
  const method = data[0]!;
  if (!isProtectionMethod(method)) return { byte: 0, bit: 7 };
  const lengths = method === protectionMethod.none ? [0, informationLength] : [informationLength];
  if (!lengths.includes(data[1]! & 0x3f)) return { byte: 1, bit: 5 };
  for (let byte = 1; byte < pageLength; byte++) {
    const wrong = data[byte]! & ~changeable[byte]!;
    if (wrong !== 0) return { byte, bit: 31 - Math.clz32(wrong) };
  }
  return undefined;
}

interface Settings {
  readonly page: Uint8Array;
  readonly filter: BlockFilter | undefined;
}

/** Without a method the other fields mean nothing, and are kept as they came. */
function settingsOf(page: Uint8Array, nextTurn: () => Promise<void>): Settings {
  const method = page[0]!;
  const guard = isProtectionMethod(method) ? guards[method] : undefined;
  const write = (page[2]! & directionBit.write) !== 0;
  const read = (page[2]! & directionBit.read) !== 0;
  const isOff = guard === undefined || (!write && !read);
  return { page, filter: isOff ? undefined : protectionFilter(guard, { write, read }, nextTurn) };
}

export class LogicalBlockProtection {
  readonly #settings = new Map<Nexus, Settings>();
  readonly #nextTurn: () => Promise<void>;

  /** Control Data Protection mode page, 0Ah/F0h. */
  readonly modePage: ModePage = {
    pageCode: 0x0a,
    subpageCode: 0xf0,
    name: "Control Data Protection",
    perNexus: true,
    current: (nexus) => this.#settings.get(nexus)?.page ?? defaults,
    defaults,
    changeable,
    invalidField,
    apply: (data, nexus) => {
      this.#settings.set(nexus, settingsOf(data, this.#nextTurn));
    },
  };

  constructor(nextTurn: () => Promise<void>) {
    this.#nextTurn = nextTurn;
  }

  /** The filter of that nexus's blocks; undefined while they are transferred without protection information. */
  filter(nexus: Nexus): BlockFilter | undefined {
    return this.#settings.get(nexus)?.filter;
  }

  nexusLost(nexus: Nexus): void {
    this.#settings.delete(nexus);
  }

  reset(): void {
    this.#settings.clear();
  }
}
