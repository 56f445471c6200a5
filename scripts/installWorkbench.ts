import { sayOnStandardError } from '../test/servers/say.ts';
import { installWorkbench, legs } from '../test/workbench/install.ts';

// Fills the cache with both VS Codes ahead of the tests that need them.
for (const leg of legs) {
  const { vscodeVersion, entry } = await installWorkbench(leg, sayOnStandardError);
  process.stdout.write(`${leg}: VS Code ${vscodeVersion} in ${entry}\n`);
}
