import { createInterface } from 'node:readline';
import { ownPids, removeFolder } from './runFolder.ts';
import { signal, waitUntilGone } from './processes.ts';

// Started by runFolder.ts. Reads `+folder` and `-folder` lines until the starter is gone, then ends
// what is left: a run that was killed leaves neither processes nor folders behind.
const folders = new Set<string>();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => undefined);
for await (const line of createInterface({ input: process.stdin })) {
  if (line.startsWith('+')) folders.add(line.slice(1));
  if (line.startsWith('-')) folders.delete(line.slice(1));
}
for (const folder of folders) {
  const pids = ownPids(folder);
  for (const pid of pids) signal(pid, 'SIGKILL');
  for (const pid of pids) await waitUntilGone(pid, 5000);
  removeFolder(folder);
}
