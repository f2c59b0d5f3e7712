/**
 * A Redis that throws keys away when its memory is full is no queue: half of a job may go, and the rest then waits for
 * ever. Nothing of Reelhouse would be lost, but nothing would be uploaded either, and nobody would know why.
 */
import type { Redis } from "ioredis";

const wanted = "noeviction";

/** Rejects when `redis` evicts. INFO is asked, because managed servers often forbid CONFIG. */
export const refuseEvictingRedis = async (redis: Pick<Redis, "info">): Promise<void> => {
  const memory = await redis.info("memory");
  const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1];
  // Who does not say, as some servers that speak Redis's protocol, is believed.
  if (policy === undefined || policy === wanted) return;
  throw new Error(
    `this Redis evicts keys (maxmemory-policy ${policy}) and is not used as a queue. ` +
      `To fix: set maxmemory-policy ${wanted} in its configuration`,
  );
};
