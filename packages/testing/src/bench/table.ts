/** Text tables: columns as wide as their widest cell, the first to the left, numbers to the right. */

export const formatTable = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string[] => {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ");
  return [line(head), widths.map((width) => "-".repeat(width)).join("  "), ...rows.map(line)];
};

export const megabytesPerSecond = (bytesPerSecond: number): string =>
  (bytesPerSecond / 1e6).toFixed(0);

export const microseconds = (us: number): string => us.toFixed(0);

/** How many times the yardstick; `-` without one. */
export const ratio = (ours: number, theirs: number | undefined): string =>
  theirs === undefined || theirs === 0 ? "-" : `${(ours / theirs).toFixed(2)}x`;

/** `4 KiB`, `1 MiB`. */
export const blockName = (bytes: number): string =>
  bytes >= 1024 * 1024 ? `${bytes / (1024 * 1024)} MiB` : `${bytes / 1024} KiB`;
