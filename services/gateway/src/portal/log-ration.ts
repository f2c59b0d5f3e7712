/**
 * Log lines about what hosts do, rationed: one a matter for a host that behaves or is set up wrongly, and so few for a
 * hostile one, or a thousand, that they neither fill the disk nor push everything else out of a log that rotates.
 */
import type { Logger } from "@reelhouse/service-kit";
import { sourceOf } from "./source-address.ts";
import { TokenBucket } from "./token-bucket.ts";
import type { Rate } from "./token-bucket.ts";

/** A host with 130 sessions that come and go says 260 lines; one line has some 300 bytes. */
const sourceRate: Rate = { burst: 512, perSecond: 1 };
/** Of all: 600 kB at once, then 100 MB a day at the worst, which a log that rotates bears. */
const overallRate: Rate = { burst: 2048, perSecond: 4 };

/** Some 100 bytes each; beyond it new sources share one ration. */
const sourcesMax = 1024;
const strangers = "others";

const tellEveryMs = 60_000;
/** A name has 223 bytes at most (RFC 7143 4.2.7.1); what a stranger gives for one may have thousands. */
const textCharactersMax = 256;

export interface LogRation {
  /** Writes, or counts that it did not. */
  say(remoteAddress: string, write: () => void): void;
  /** Tells once a minute how many lines were left out, if any. */
  tick(): void;
}

export interface LogRationOptions {
  readonly logger: Logger;
  /** What the lines are about. */
  readonly about: string;
  readonly nowMs: () => number;
}

export function createLogRation({ logger, about, nowMs }: LogRationOptions): LogRation {
  const overall = new TokenBucket(overallRate, nowMs());
  const sources = new Map<string, TokenBucket>();
  let leftOut = 0;
  let toldMs = nowMs();

  const sourceAt = (name: string): TokenBucket => {
    const known = sources.get(name);
    if (known !== undefined) return known;
    if (sources.size >= sourcesMax && name !== strangers) return sourceAt(strangers);
    const made = new TokenBucket(sourceRate, nowMs());
    sources.set(name, made);
    return made;
  };

  return {
    say(remoteAddress, write) {
      const now = nowMs();
      const own = sourceAt(sourceOf(hostOf(remoteAddress)));
      if (own.take(now) && overall.take(now)) write();
      else leftOut += 1;
    },
    tick() {
      const now = nowMs();
      for (const [name, bucket] of sources) if (bucket.isFull(now)) sources.delete(name);
      if (leftOut === 0 || now - toldMs < tellEveryMs) return;
      logger.warn(
        { event: "portal.lines-left-out", about, count: leftOut },
        `${leftOut} log lines about ${about} were left out: there were too many; the metrics count them`,
      );
      leftOut = 0;
      toldMs = now;
    },
  };
}

export interface LogRations {
  /** Of lines about refused logins and broken PDUs. */
  readonly faults: LogRation;
  /** Of lines about sessions: faults do not leave them without. */
  readonly sessions: LogRation;
  tick(): void;
}

export function createLogRations(logger: Logger, nowMs: () => number): LogRations {
  const faults = createLogRation({ logger, about: "refused logins and broken PDUs", nowMs });
  const sessions = createLogRation({ logger, about: "sessions", nowMs });
  return {
    faults,
    sessions,
    tick() {
      faults.tick();
      sessions.tick();
    },
  };
}

/** The host of `host:port`. */
export const hostOf = (remoteAddress: string): string =>
  remoteAddress.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");

/** What a stranger said, for a log line. */
export const clipped = (text: string): string =>
  text.length <= textCharactersMax ? text : `${text.slice(0, textCharactersMax)}…`;
