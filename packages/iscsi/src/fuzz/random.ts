/** Numbers that look random and come again with their seed: what the fuzzer throws its dice with. */

export interface Random {
  /** 0 to `below` - 1. */
  int(below: number): number;
  /** True once in `times`. */
  oneIn(times: number): boolean;
  pick<const L extends readonly [unknown, ...unknown[]]>(list: L): L[number];
  /** One of a list, or undefined when it is empty. */
  anyOf<T>(list: readonly T[]): T | undefined;
}

/** Mulberry32: 32 bits of state, good enough for dice and the same on every machine. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const int = (below: number): number => next() % below;
  return {
    int,
    oneIn: (times) => int(times) === 0,
    pick: <const L extends readonly [unknown, ...unknown[]]>(list: L): L[number] =>
      list[int(list.length)],
    anyOf: (list) => (list.length === 0 ? undefined : list[int(list.length)]),
  };
}
