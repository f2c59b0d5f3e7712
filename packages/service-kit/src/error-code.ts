/** The `code` of a system error (`ENOENT`, `EADDRINUSE`), if the value thrown has one. */
export const errorCode = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;
