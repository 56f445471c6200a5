import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Resolves when `GET url` answers 200; asks every 20 ms for up to a minute. `check` may throw to
 * end the waiting, as when the server has died.
 */
export async function untilAnswers(
  url: string,
  ca: string,
  check: () => Promise<void> | void = () => undefined,
): Promise<void> {
  const end = Date.now() + 60_000;
  let last = 'no answer';
  while (Date.now() < end) {
    last = await statusOf(url, ca).then(String, String);
    if (last === '200') return;
    await check();
    await sleep(20);
  }
  throw new Error(`${url} was not ready within a minute: ${last}`);
}

function statusOf(url: string, ca: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { ca, agent: false, timeout: 2000 }, (response) => {
      response.resume();
      response.once('end', () => {
        resolve(response.statusCode);
      });
      response.once('error', reject);
    });
    asked.once('timeout', () => asked.destroy(new Error('timed out')));
    asked.once('error', reject);
    asked.end();
  });
}
