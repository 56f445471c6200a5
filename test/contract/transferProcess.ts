import { execFile, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { RecordedRequest } from '../servers/proxyFaults.ts';
import type { ProxyClient } from '../servers/proxyClient.ts';
import type { ChildTransfer } from './transferChild.ts';

/** A transfer in a process of its own. */
export interface TransferProcess {
  readonly child: ChildProcess;
  /** The most memory that it had, in MiB. @throws if it failed or was killed */
  readonly memory: Promise<number>;
}

const script = fileURLToPath(new URL('transferChild.ts', import.meta.url));

/** Starts one. */
export function startTransfer(transfer: ChildTransfer): TransferProcess {
  const env = {
    ...process.env,
    SSEC_TEST_TRANSFER: JSON.stringify(transfer),
    NODE_NO_WARNINGS: '1',
  };
  let settle: { resolve: (value: number) => void; reject: (error: Error) => void };
  const memory = new Promise<number>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // It may be killed before anybody looks.
  memory.catch(() => undefined);
  const child = execFile(
    process.execPath,
    ['--import', 'tsx', script],
    { env },
    (error, output, said) => {
      if (error) settle.reject(new Error(said, { cause: error }));
      else settle.resolve(Number(output) / 1024);
    },
  );
  return { child, memory };
}

/** Runs one and kills it, as a crash does, as soon as so many requests that match were answered. */
export async function crashAfter(
  transfer: ChildTransfer,
  proxy: ProxyClient,
  count: number,
  matches: (request: RecordedRequest) => boolean,
): Promise<void> {
  const { child, memory } = startTransfer(transfer);
  for (;;) {
    const seen = (await proxy.requests()).filter(matches);
    if (seen.length >= count) break;
    const ended = await Promise.race([
      memory.then(() => true),
      new Promise<false>((resolve) => setTimeout(resolve, 20, false)),
    ]);
    if (ended) throw new Error('It ended before it could be killed.');
  }
  child.kill('SIGKILL');
  await memory.catch(() => undefined);
}
