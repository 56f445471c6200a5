import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { build } from 'esbuild';
import { Buckets } from '../contract/buckets.ts';
import { createRawClient } from '../contract/rawClient.ts';
import { needCommands } from '../servers/debianPackages.ts';
import { createRunFolder, destroyRunFolder } from '../servers/runFolder.ts';
import { startServers } from '../servers/s3Server.ts';
import { sayOnStandardError as say } from '../servers/say.ts';
import type { BenchCase, BenchSite } from './cases.ts';
import { measure, median, type Measurement } from './measure.ts';
import { findPeers, type Peer } from './peers.ts';

// npm run bench: the extension's transfer code in plain node beside other clients, on the same MinIO
// over TLS with SSE-C. Each figure is the median of $SSEC_BENCH_RUNS runs (default 3), everybody in
// turn; $SSEC_BENCH_ONLY limits the cases to those that contain it.
const runs = Number(process.env['SSEC_BENCH_RUNS'] ?? 3);
const only = process.env['SSEC_BENCH_ONLY'] ?? '';

let used = 0;
await needCommands(['time'], ['time'], say);
const folder = createRunFolder('bench');
const servers = await startServers({ only: ['minio'] });
try {
  const [server] = servers.servers;
  if (server === undefined) throw new Error('There is no MinIO to measure with.');
  const raw = createRawClient(server);
  const bucket = await new Buckets(raw).create();
  raw.dispose();
  const site: BenchSite = { server, bucket, customerKey: randomBytes(32).toString('base64') };
  const peers = [await ours(site), ...(await findPeers({ site, folder, say }))];
  await bigFile(peers);
  await smallFiles(peers);
  await noOp(peers);
} finally {
  await servers.stop();
  await destroyRunFolder(folder);
}

async function bigFile(peers: readonly Peer[]): Promise<void> {
  const path = join(folder, 'big', 'file');
  if (!['1 GiB up', '1 GiB down'].some((name) => name.includes(only))) return;
  await mkdir(dirname(path));
  await writeRandom(path, 1024 ** 3);
  const content = await md5Of(path);
  const file = { type: 'file', key: 'big/file' } as const;
  const [own] = peers;
  if (own !== undefined) await measure(own.commandFor({ ...file, direction: 'up', path }), folder);
  // Each time under a key of its own: some peers leave what is there already.
  await compare('1 GiB up', peers, () => {
    const key = `${basenameOf(unused())}/file`;
    return { ...file, key, direction: 'up', path };
  });
  const down = (): BenchCase => ({ ...file, direction: 'down', path: join(unused(), 'file') });
  await compare('1 GiB down', peers, down, {
    before: ({ path: target }) => mkdir(dirname(target)),
    async after({ path: target }) {
      if ((await md5Of(target)) !== content)
        throw new Error('What was downloaded is not the same.');
      await rm(dirname(target), { recursive: true });
    },
  });
  await rm(dirname(path), { recursive: true });
}

async function smallFiles(peers: readonly Peer[]): Promise<void> {
  const [path, count] = [join(folder, 'some'), 1000];
  if (!['1,000 × 4 KiB up', '1,000 × 4 KiB down'].some((name) => name.includes(only))) return;
  await writeFiles(path, count);
  const [own] = peers;
  const source = { type: 'folder', direction: 'up', name: 'some', path, prefix: 'some/' } as const;
  if (own !== undefined) await measure(own.commandFor(source), folder);
  await compare('1,000 × 4 KiB up', peers, () => {
    const name = basenameOf(unused());
    return { type: 'folder', direction: 'up', name, path, prefix: `${name}/` };
  });
  await compare(
    '1,000 × 4 KiB down',
    peers,
    () => {
      const target = unused();
      const name = basenameOf(target);
      return { type: 'folder', direction: 'down', name, path: target, prefix: source.prefix };
    },
    {
      before: ({ path: target }) => mkdir(target),
      async after({ path: target }) {
        const { length } = await readdir(target);
        if (length !== count) throw new Error(`${String(length)} of ${String(count)} files came.`);
        await rm(target, { recursive: true });
      },
    },
  );
}

async function noOp(peers: readonly Peer[]): Promise<void> {
  const title = 'no-op sync of 10,000';
  if (!title.includes(only)) return;
  const path = join(folder, 'many');
  await writeFiles(path, 10_000);
  const caseOf = (peer: Peer): BenchCase => {
    const name = `many-${String(peers.indexOf(peer))}`;
    return { type: 'folder', direction: 'up', name, path, prefix: `${name}/` };
  };
  for (const peer of peers) {
    say(`${title}: ${peer.name} uploads them first`);
    await measure(peer.commandFor(caseOf(peer)), folder);
  }
  await compare(title, peers, caseOf);
}

interface Around {
  readonly before?: (work: BenchCase) => Promise<unknown>;
  readonly after?: (work: BenchCase) => Promise<unknown>;
}

/** Times a case for everybody and prints its line. A peer that fails is said to. */
async function compare(
  title: string,
  peers: readonly Peer[],
  caseOf: (peer: Peer) => BenchCase,
  { before, after }: Around = {},
): Promise<void> {
  if (!title.includes(only)) return;
  const taken = new Map<Peer, Measurement[]>();
  for (let run = 0; run < runs; run++) {
    for (const peer of peers) {
      const work = caseOf(peer);
      await before?.(work);
      try {
        const measurement = await measure(peer.commandFor(work), folder);
        await after?.(work);
        taken.set(peer, [...(taken.get(peer) ?? []), measurement]);
      } catch (error) {
        say(`${title}: ${peer.name}: ${String(error)}`);
      }
    }
  }
  const [own, ...others] = peers.map((peer) => {
    const measured = taken.get(peer) ?? [];
    return { peer, result: measured.length === 0 ? undefined : median(measured) };
  });
  if (own?.result === undefined) throw new Error(`${title}: it did not work.`);
  const { wall } = own.result;
  const ratios = others.map(({ peer, result }) =>
    result === undefined
      ? `${peer.name} failed`
      : `${peer.name} ${textOf(result)}: ${(wall / result.wall).toFixed(2)} of it`,
  );
  process.stdout.write(`${title}: ${textOf(own.result)} | ${ratios.join(' | ')}\n`);
}

function textOf({ wall, cpu, memory }: Measurement): string {
  return `${wall.toFixed(2)} s (CPU ${cpu.toFixed(2)} s, ${memory.toFixed(0)} MiB)`;
}

/** This extension's code, bundled as it is shipped. */
async function ours(site: BenchSite): Promise<Peer> {
  const program = join(folder, 'ours.mjs');
  await build({
    ...{ entryPoints: [join(import.meta.dirname, 'ours.ts')], outfile: program },
    ...{ bundle: true, platform: 'node', format: 'esm', minify: true, logLevel: 'warning' },
    mainFields: ['module', 'main'],
    banner: {
      js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
    },
  });
  return {
    name: 'SSE-C Explorer',
    commandFor: (work) => ({
      ...{ command: process.execPath, parameters: [program] },
      env: { SSEC_BENCH: JSON.stringify({ site, work }) },
    }),
  };
}

/** A path in the run's folder that nobody had before. */
function unused(): string {
  used += 1;
  return join(folder, `place-${String(used)}`);
}

function basenameOf(path: string): string {
  return path.slice(folder.length + 1);
}

async function writeRandom(path: string, size: number): Promise<void> {
  const file = await open(path, 'w');
  for (let at = 0; at < size; at += 1 << 24) await file.write(randomBytes(1 << 24));
  await file.close();
}

async function writeFiles(path: string, count: number): Promise<void> {
  await mkdir(path);
  for (let index = 0; index < count; index++) {
    await writeFile(join(path, `file-${String(index).padStart(5, '0')}`), randomBytes(4096));
  }
}

async function md5Of(path: string): Promise<string> {
  const hash = createHash('md5');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
