/** Steps that may or may not have to wait: what is at hand now is answered now, without a turn of the event loop. */
import type { MaybePromise } from "./task.ts";

/** Goes on with `goOn`: at once when `value` is here, else when it comes. */
export function chain<T, U>(
  value: MaybePromise<T>,
  goOn: (value: T) => MaybePromise<U>,
): MaybePromise<U> {
  return value instanceof Promise ? value.then(goOn) : goOn(value);
}
