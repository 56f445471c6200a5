import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A profile of the shared AWS files, as far as it helps to choose one. */
export interface Profile {
  readonly name: string;
  /** Where its credentials come from. */
  readonly kind: 'accessKey' | 'sso' | 'role' | 'process' | 'other';
  readonly region?: string | undefined;
}

type Sections = ReadonlyMap<string, ReadonlyMap<string, string>>;

/**
 * The profiles of the shared AWS config and credentials files, by name; empty where there are none.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 */
export async function readProfiles(
  environment: NodeJS.ProcessEnv = process.env,
): Promise<readonly Profile[]> {
  const [config, credentials] = await Promise.all([
    readSections(filePath(environment, 'AWS_CONFIG_FILE', 'config')),
    readSections(filePath(environment, 'AWS_SHARED_CREDENTIALS_FILE', 'credentials')),
  ]);
  const settings = new Map<string, Map<string, string>>();
  const add = (name: string, section: ReadonlyMap<string, string>): void => {
    settings.set(name, new Map([...(settings.get(name) ?? []), ...section]));
  };
  for (const [name, section] of config) {
    // In the config file only `default` stands without the word.
    const profile = /^profile\s+(.+)$/.exec(name)?.[1] ?? (name === 'default' ? name : undefined);
    if (profile !== undefined) add(unquoted(profile), section);
  }
  for (const [name, section] of credentials) add(name, section);
  return [...settings]
    .map(([name, section]) => ({ name, kind: kindOf(section), region: section.get('region') }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function kindOf(section: ReadonlyMap<string, string>): Profile['kind'] {
  if (section.has('role_arn')) return 'role';
  if (section.has('sso_session') || section.has('sso_start_url')) return 'sso';
  if (section.has('credential_process')) return 'process';
  return section.has('aws_access_key_id') ? 'accessKey' : 'other';
}

function filePath(environment: NodeJS.ProcessEnv, variable: string, name: string): string {
  const home = environment['HOME'] ?? environment['USERPROFILE'] ?? homedir();
  const given = environment[variable];
  if (given === undefined || given === '') return join(home, '.aws', name);
  return /^~[/\\]/.test(given) ? join(home, given.slice(2)) : given;
}

async function readSections(path: string): Promise<Sections> {
  const sections = new Map<string, Map<string, string>>();
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return sections;
  }
  let section = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const name = /^\s*\[([^\]]*)\]/.exec(line)?.[1]?.trim();
    if (name !== undefined) {
      section = sections.get(name) ?? new Map<string, string>();
      sections.set(name, section);
      continue;
    }
    // Indented lines are nested settings, `#` and `;` start comments.
    const setting = /^([\w.-]+)\s*=\s*(.*?)\s*$/.exec(line);
    if (setting?.[1] !== undefined) section.set(setting[1].toLowerCase(), setting[2] ?? '');
  }
  return sections;
}

function unquoted(text: string): string {
  return text.trim().replace(/^(["'])(.*)\1$/, '$2');
}
