import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes the user's settings into a user-data folder: those of settings.json, over them what a start
 * before has left, and over all `more`.
 */
export function writeSettings(
  userDataFolder: string,
  more: Readonly<Record<string, unknown>> = {},
): void {
  const folder = join(userDataFolder, 'User');
  const file = join(folder, 'settings.json');
  const settings = {
    ...read(new URL('settings.json', import.meta.url)),
    ...(existsSync(file) ? read(file) : {}),
    ...more,
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify(settings, undefined, 2));
}

function read(file: string | URL): object {
  return JSON.parse(readFileSync(file, 'utf8')) as object;
}
