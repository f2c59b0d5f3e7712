/** Tests of the inventory run against one real Postgres a run. */
import { defineConfig } from "vitest/config";

// oxlint-disable-next-line import/no-default-export -- Vitest loads the default export.
export default defineConfig({
  test: {
    globalSetup: ["src/testing-global-setup.ts"],
    include: ["src/**/*.test.ts"],
    testTimeout: 15_000,
    hookTimeout: 15_000,
  },
});
