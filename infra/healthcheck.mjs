/** For the containers' health checks: exit 0 when the URL answers 2xx, 1 with the answer on the screen when it does not. */
const timeoutMs = 4000;
const [url, anyAnswer] = process.argv.slice(2);
try {
  const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  const text = await answer.text();
  // A store answers a stranger 403: it is there.
  if (!answer.ok && anyAnswer === undefined) {
    console.error(`${answer.status} ${text.slice(0, 2000)}`);
    process.exitCode = 1;
  }
} catch (error) {
  console.error(`${url} does not answer: ${error.cause?.code ?? error.message}`);
  process.exitCode = 1;
}
