import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes the user's settings into a user-data folder: those of settings.json, and `more` over them. */
export function writeSettings(
  userDataFolder: string,
  more: Readonly<Record<string, unknown>> = {},
): void {
  const base = readFileSync(new URL('settings.json', import.meta.url), 'utf8');
  const settings = { ...(JSON.parse(base) as object), ...more };
  const folder = join(userDataFolder, 'User');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings, undefined, 2));
}
