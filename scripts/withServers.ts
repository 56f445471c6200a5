import { spawn } from 'node:child_process';
import { toEnvironment, type TestServer } from '../test/servers/fromEnvironment.ts';
import { startProxy } from '../test/servers/proxy.ts';
import { startServers } from '../test/servers/s3Server.ts';

// withServers.ts COMMAND [PARAMETER…]: starts every S3 server that can be had, each with a proxy in
// front, runs the command with their details in SSEC_TEST_SERVERS, stops them, exits as it did.
const [command, ...parameters] = process.argv.slice(2);
if (command === undefined) throw new Error('usage: withServers.ts COMMAND [PARAMETER…]');
const run = await startServers();
let code: number;
try {
  const proxies = await Promise.all(run.servers.map((server) => startProxy(server, run.tls)));
  const servers = run.servers.flatMap((server, index): TestServer[] => {
    const proxy = proxies[index];
    if (!proxy) return [];
    return [{ ...server, proxy: { endpoint: proxy.endpoint, control: proxy.control } }];
  });
  process.stderr.write(`S3 servers: ${servers.map(({ name }) => name).join(', ')}\n`);
  code = await runCommand(command, parameters, toEnvironment({ servers, tls: run.tls }));
  await Promise.all(proxies.map((proxy) => proxy.stop()));
} finally {
  await run.stop();
}
process.exit(code);

async function runCommand(
  file: string,
  rest: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const child = spawn(file, rest, {
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  // Ctrl+C reaches the child from the terminal; a signal sent to this process alone is handed on.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => child.kill(name));
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exit) => {
      resolve(exit ?? 1);
    });
  });
}
