import { startServers } from '../test/servers/s3Server.ts';

// npm run servers: brings the test servers up and prints one JSON line for each; Ctrl+C ends them.
const started = Date.now();
const run = await startServers();
for (const server of run.servers) {
  process.stdout.write(`${JSON.stringify({ ...server, caPem: undefined })}\n`);
}
process.stderr.write(`up in ${String(Date.now() - started)} ms; Ctrl+C ends them\n`);
const alive = setInterval(() => undefined, 60_000);
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(name, () => {
    clearInterval(alive);
    void run.stop();
  });
}
