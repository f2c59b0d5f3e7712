/** Which known name a misspelt one was probably meant to be: least edit distance (Levenshtein), if it is small. */

/** Half the letters wrong is no misspelling any more. */
const distanceShareMax = 0.5;

const editDistance = (left: string, right: string): number => {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const substituted =
        (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      current.push(
        Math.min(substituted, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1),
      );
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
};

/** The nearest of `known`, or null when none is near; `prefix` is common to all and does not count. */
export const nearestName = (name: string, known: readonly string[], prefix = ""): string | null => {
  const bare = (text: string) => (text.startsWith(prefix) ? text.slice(prefix.length) : text);
  let best: { name: string; distance: number } | null = null;
  for (const candidate of known) {
    const distance = editDistance(bare(name), bare(candidate));
    if (best === null || distance < best.distance) best = { name: candidate, distance };
  }
  const limit = Math.max(1, Math.floor(bare(name).length * distanceShareMax));
  return best !== null && best.distance <= limit ? best.name : null;
};
