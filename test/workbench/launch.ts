import { resolve } from 'node:path';
import type { Leg } from './install.ts';

/** What the launcher is told beside VS Code's own arguments, as JSON in `SSEC_LAUNCH`. */
export interface Launch {
  readonly leg: Leg;
  /** Where the tests' output goes, line by line. */
  readonly logFile: string;
  /** Where the tests write their counts; if they don't, the run has failed. */
  readonly resultFile: string;
  /** Kept between launches, with the port: secrets live there by origin. */
  readonly profile: string;
  readonly port: number;
  readonly workspaceTrust: boolean;
  readonly timeoutMilliseconds: number;
  /** Saved when the run has failed. */
  readonly screenshotFile: string;
}

/** What VS Code's command line asks for. */
export interface VSCodeArguments {
  readonly developmentPaths: readonly string[];
  readonly testsPath?: string;
  readonly folder?: string;
  readonly userDataFolder?: string;
  readonly extensionsFolder?: string;
  readonly disableExtensions: boolean;
}

/** Reads VS Code's arguments; those that mean nothing in a browser are passed over. */
export function parseArguments(given: readonly string[]): VSCodeArguments {
  const value = (name: string): string[] =>
    given
      .filter((each) => each.startsWith(`--${name}=`))
      .map((each) => resolve(each.slice(name.length + 3)));
  const [testsPath] = value('extensionTestsPath');
  const [userDataFolder] = value('user-data-dir');
  const [extensionsFolder] = value('extensions-dir');
  const folder = given.filter((each) => !each.startsWith('--')).at(-1);
  return {
    developmentPaths: value('extensionDevelopmentPath'),
    ...(testsPath === undefined ? {} : { testsPath }),
    ...(userDataFolder === undefined ? {} : { userDataFolder }),
    ...(extensionsFolder === undefined ? {} : { extensionsFolder }),
    ...(folder === undefined ? {} : { folder: resolve(folder) }),
    disableExtensions: given.includes('--disable-extensions'),
  };
}

/** The workbench's address that develops and tests these extensions on the server itself. */
export function workbenchUrl(origin: string, wanted: VSCodeArguments): string {
  const onServer = (path: string): string =>
    `vscode-remote://${new URL(origin).host}${encodeURI(path)}`;
  const payload: [string, string][] = wanted.developmentPaths.map((path) => [
    'extensionDevelopmentPath',
    onServer(path),
  ]);
  if (wanted.testsPath !== undefined) {
    payload.push(['extensionTestsPath', onServer(wanted.testsPath)]);
  }
  if (wanted.disableExtensions) payload.push(['disableExtensions', 'true']);
  const url = new URL(origin);
  if (wanted.folder === undefined) url.searchParams.set('ew', 'true');
  else {
    const isWorkspace = wanted.folder.endsWith('.code-workspace');
    url.searchParams.set(isWorkspace ? 'workspace' : 'folder', wanted.folder);
  }
  url.searchParams.set('payload', JSON.stringify(payload));
  return url.href;
}
