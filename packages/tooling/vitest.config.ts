/** One test run for the whole repository; each package's tests stand beside its code. */
import { defineConfig } from "vitest/config";

const root = new URL("../..", import.meta.url).pathname;

// oxlint-disable-next-line import/no-default-export -- vitest asks for one
export default defineConfig({
  root,
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "services/*/src/**/*.test.ts",
      "services/gateway/acceptance/**/*.test.ts",
      "acceptance/src/**/*.test.ts",
      // Not compose/: it needs a Docker engine, and runs by `npm run acceptance`.
      "acceptance/*.test.ts",
      "acceptance/{soak,vm}/**/*.test.ts",
    ],
    exclude: ["**/node_modules/**"],
    globalSetup: ["packages/service-kit/src/test-servers/global-setup.ts"],
    // Two processes on two cores; servers that tests start want some of them too.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
