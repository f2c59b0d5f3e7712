/** Work that runs one piece after the other, in the order it was asked for. */

export type InTurn = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** A failed piece fails its caller only: the next one runs all the same. */
export function createInTurn(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
}
