/** kill -9 in the middle of something, and the return afterwards. */
import { pause, type Reelhouse, waitUntil } from "@reelhouse/testing";

/** The launcher pauses up to ten seconds before a new start; a busy machine needs longer than that one. */
const RETURN_TIMEOUT_MS = 60_000;

/** Runs `work`, which must fail by the death that comes `afterMs` after its begin; answers with its error. */
export const whileDying = async (
  reelhouse: Reelhouse,
  victim: "gateway" | "everything",
  afterMs: number,
  work: () => Promise<unknown>,
): Promise<unknown> => {
  const ended = work().then(
    () => new Error("the work came to an end before the death"),
    (error: unknown) => error,
  );
  await pause(afterMs);
  if (victim === "gateway") reelhouse.kill("gateway");
  else await reelhouse.killEverything();
  return ended;
};

/** Waits until the launcher has brought the gateway back and it takes logins. */
export const untilGatewayIsBack = (reelhouse: Reelhouse): Promise<true> =>
  waitUntil(
    async () => {
      const changer = await reelhouse.openChanger().catch(() => undefined);
      if (changer === undefined) return undefined;
      await changer.session.logout();
      return true as const;
    },
    { what: "the gateway's return", timeoutMs: RETURN_TIMEOUT_MS },
  );
