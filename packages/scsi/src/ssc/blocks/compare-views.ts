/** Compares bytes that lie in several views, without joining them. */

/** Whether the bytes of `expected` from `offset` on begin with all bytes of `actual`. */
export function compareViews(
  expected: readonly Uint8Array[],
  offset: number,
  actual: readonly Uint8Array[],
): boolean {
  const rest = from(expected, offset);
  let [view, index, at] = [rest[0], 0, 0];
  for (const block of actual) {
    let done = 0;
    while (done < block.length) {
      if (view === undefined) return false;
      const count = Math.min(block.length - done, view.length - at);
      const isSame =
        Buffer.compare(view.subarray(at, at + count), block.subarray(done, done + count)) === 0;
      if (!isSame) return false;
      done += count;
      at += count;
      if (at === view.length) [view, at] = [rest[++index], 0];
    }
  }
  return true;
}

/** The views without their first `offset` bytes. */
function from(views: readonly Uint8Array[], offset: number): readonly Uint8Array[] {
  const rest: Uint8Array[] = [];
  let skip = offset;
  for (const view of views) {
    if (skip < view.length) rest.push(view.subarray(skip));
    skip = Math.max(0, skip - view.length);
  }
  return rest;
}
