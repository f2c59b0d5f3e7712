/** For tests only: the smallest service, run as a child of lifecycle.test.ts. */
import { createLifecycle } from "./lifecycle.ts";
import { createLogger } from "./logger.ts";
import { reportReady, stopWhenParentDies } from "./parent.ts";

const lifecycle = createLifecycle({ logger: createLogger("child") });
const work = setInterval(() => undefined, 1000);
lifecycle.phase({ name: "work", stop: () => clearInterval(work) });
stopWhenParentDies(lifecycle);
await lifecycle.run();
reportReady({ ops: "127.0.0.1:1" });
