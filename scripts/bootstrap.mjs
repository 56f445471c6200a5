// The way in on a fresh clone: installs the dependencies, if they aren't there as the lock says, and
// runs scripts/<name>.ts. Plain JavaScript, as nothing is installed yet.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
const [name, ...parameters] = process.argv.slice(2);
const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  console.error(`Node ${process.versions.node} is too old: 20 or newer is needed.`);
  process.exit(1);
}
if (!isInstalled()) {
  const command = existsSync('package-lock.json') ? 'ci' : 'install';
  console.error(`installing dependencies: npm ${command}`);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const code = await run(npm, [command, '--no-audit', '--no-fund', '--loglevel=error']);
  if (code !== 0) process.exit(code);
}
process.exit(await run(process.execPath, ['--import', 'tsx', `scripts/${name}.ts`, ...parameters]));

/** Whether every package of the lock is there in its version; what is optional may be missing. */
function isInstalled() {
  const installed = packagesIn('node_modules/.package-lock.json');
  const locked = packagesIn('package-lock.json');
  if (!installed) return false;
  return Object.entries(locked ?? {}).every(
    ([path, { version, optional, link }]) =>
      path === '' || optional || link || installed[path]?.version === version,
  );
}

function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function run(command, rest) {
  return new Promise((resolve) => {
    const shell = process.platform === 'win32' && command.endsWith('.cmd');
    const child = spawn(command, rest, { stdio: 'inherit', shell });
    // Ctrl+C reaches the child from the terminal as well; it decides when to end.
    const hand = (signal) => child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, hand);
    child.once('error', (error) => {
      console.error(String(error));
      resolve(1);
    });
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
