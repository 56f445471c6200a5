import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Runs a script of the tests in a process of its own, which talks by messages. */
export function startChild(script: URL, args: readonly string[], uid?: number): ChildProcess {
  return fork(fileURLToPath(script), args, {
    ...{ execArgv: ['--import', 'tsx'], env: { ...process.env, NODE_NO_WARNINGS: '1' } },
    ...(uid !== undefined && { uid, gid: uid }),
  });
}

/** The next message of a child. @throws if it ends without one */
export async function messageOf(child: ChildProcess): Promise<unknown> {
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`The process ended with ${String(code)}.`);
    }),
  ])) as [unknown];
  return message;
}
