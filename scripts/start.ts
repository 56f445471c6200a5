import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findCommand, run } from '../test/servers/processes.ts';
import { minioIsThere } from '../test/servers/minioBinary.ts';
import { createRunFolder, destroyRunFolder } from '../test/servers/runFolder.ts';
import { startServers, type S3Server, type S3Servers } from '../test/servers/s3Server.ts';
import { sayOnStandardError as say } from '../test/servers/say.ts';
import { startCodeServer } from '../test/workbench/codeServer.ts';
import { findDesktop, startDesktop } from '../test/workbench/desktop.ts';
import { installWorkbench } from '../test/workbench/install.ts';
import { createSampleKeys, sampleObjects, type SampleKeys } from './sampleObjects.ts';
import { uploadSamples } from './uploadSamples.ts';

// npm start: the extension, as it is packaged, in a VS Code with a real S3 server full of samples,
// the connection and customer keys ready. Ctrl+C ends all of it, and nothing is left.
const root = fileURLToPath(new URL('..', import.meta.url));
const stops: (() => Promise<void>)[] = [];
let stopping = false;
// What is started here doesn't keep this process alive.
const alive = setInterval(() => undefined, 60_000);

async function stopAll(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  clearInterval(alive);
  for (const stop of stops.reverse()) await stop();
  process.exit(code);
}
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => void stopAll(0));
}

try {
  await start();
} catch (error) {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  await stopAll(1);
}

async function start(): Promise<void> {
  const folder = createRunFolder('start');
  stops.push(() => destroyRunFolder(folder));
  say('building and packaging the extension');
  await run('npm', ['run', '--silent', 'package'], { cwd: root });
  const seedFile = join(folder, 'seed.vsix');
  await createSeed(seedFile);

  const servers = await startServer();
  stops.push(() => servers.stop());
  const [server] = servers.servers;
  if (!server) throw new Error('There is no S3 server.');
  const keys = createSampleKeys();
  await uploadSamples(server, sampleObjects(keys), say);
  const commandsFile = join(folder, 'commands.json');
  writeFileSync(commandsFile, JSON.stringify(commands(server, keys)));
  const workspace = join(folder, 'workspace');
  mkdirSync(workspace);
  await openVSCode({
    workspace,
    vsixFiles: [join(root, 'out/ssec-explorer.vsix'), seedFile],
    settings: { 'ssec.pageSize': 100, 'ssec.defaultCustomerKey': 'team' },
    environment: { SSEC_SEED: commandsFile },
  });
  say(`S3: ${server.endpoint} (${server.name}), access key ${server.accessKeyId},`);
  say(`    secret ${server.secretAccessKey}, CA ${server.caFile}`);
  say('Ctrl+C ends all of it.');
}

/** The server that is there at once; else MinIO, built from source; else Ceph, by its packages. */
async function startServer(): Promise<S3Servers> {
  if (process.env['SSEC_TEST_ONLY']) return startServers();
  const cephIsThere = (await findCommand('radosgw')) !== undefined;
  const first = (await minioIsThere()) || !cephIsThere ? 'minio' : 'ceph';
  return startServers({ only: [first] }).catch(() =>
    startServers({ only: [first === 'minio' ? 'ceph' : 'minio'] }),
  );
}

/** What the seeding extension runs: see test/workbench/seed. */
function commands(server: S3Server, keys: SampleKeys): object[] {
  const { endpoint, region, caFile, accessKeyId, secretAccessKey } = server;
  const connection = {
    ...{ name: 'sample', endpoint, region, addressing: 'path', caFile },
    credentials: { source: 'accessKey', accessKeyId, secretAccessKey },
    ...{ target: 'user', confirmed: true },
  };
  const key = (name: 'team' | 'personal'): object => ({
    ...{ name, format: 'base64', value: keys[name].toString('base64') },
    ...{ scope: 'user', hosts: [new URL(endpoint).host] },
  });
  return [
    { command: 'workbench.view.extension.ssec' },
    { command: 'ssec.addConnection', argument: connection },
    { command: 'ssec.addCustomerKey', argument: key('team') },
    { command: 'ssec.addCustomerKey', argument: key('personal') },
  ];
}

async function createSeed(packagePath: string): Promise<void> {
  const flags = ['--no-dependencies', '--allow-missing-repository', '--skip-license'];
  await run(join(root, 'node_modules/.bin/vsce'), ['package', ...flags, '--out', packagePath], {
    cwd: join(root, 'test/workbench/seed'),
  });
}

async function openVSCode(options: {
  readonly workspace: string;
  readonly vsixFiles: readonly string[];
  readonly settings: Readonly<Record<string, unknown>>;
  readonly environment: NodeJS.ProcessEnv;
}): Promise<void> {
  const command = await findDesktop();
  if (command !== undefined) {
    const desktop = await startDesktop({ ...options, command });
    stops.push(() => desktop.stop());
    void desktop.closed.then(() => stopAll(0));
    say(`\nVS Code is open (${command}).`);
    return;
  }
  const workbench = await installWorkbench(leg(), say);
  const server = await startCodeServer({ ...options, workbench });
  stops.push(() => server.stop());
  const folder = encodeURIComponent(options.workspace);
  say(`\nVS Code ${workbench.vscodeVersion} with SSE-C Explorer, in your browser:`);
  process.stdout.write(`${server.origin}/?folder=${folder}\n`);
}

function leg(): 'min' | 'latest' {
  return process.argv.includes('--min') ? 'min' : 'latest';
}
