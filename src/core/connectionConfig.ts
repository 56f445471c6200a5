import * as v from 'valibot';
import type { Connection } from './connection.ts';
import { isConnectionName } from './connectionName.ts';
import type { SettingProblem } from './settingProblem.ts';

/** The id of the setting that this file reads. */
export const connectionsSetting = 'ssec.connections';

/** A text field; `name` starts the sentences. */
function text(name: string): v.GenericSchema<unknown, string> {
  const message = `${name} must be a text that is not empty.`;
  return v.pipe(v.string(message), v.nonEmpty(message));
}

const credentialsMessage =
  'The credentials must be {"source": "accessKey"}, {"source": "profile", "profile": "…"} or ' +
  '{"source": "environment"}. The access key itself never stands in the settings.';

const credentials = v.variant(
  'source',
  [
    v.object({ source: v.literal('accessKey') }),
    v.object({ source: v.literal('profile'), profile: text('The profile') }),
    v.object({ source: v.literal('environment') }),
  ],
  credentialsMessage,
);

const entrySchema = v.object(
  {
    endpoint: v.optional(
      v.pipe(
        text('The endpoint'),
        v.rawTransform(({ dataset, addIssue, NEVER }) => {
          const endpoint = readEndpoint(dataset.value);
          if (endpoint !== undefined) return endpoint;
          addIssue({ message: endpointMessage });
          return NEVER;
        }),
      ),
    ),
    region: text('The region'),
    addressing: v.optional(
      v.picklist(['path', 'virtualHost'], 'The addressing must be "path" or "virtualHost".'),
    ),
    caFile: v.optional(text('The CA file')),
    buckets: v.optional(
      v.array(
        v.pipe(
          text('A bucket'),
          v.check((name) => !name.includes('/'), 'A bucket name has no slash.'),
        ),
        'The buckets must be a list of names.',
      ),
    ),
    credentials,
    checksums: v.optional(
      v.picklist(
        ['whenSupported', 'whenRequired'],
        'The checksums must be "whenSupported" or "whenRequired".',
      ),
    ),
  },
  (issue) =>
    issue.received === 'undefined'
      ? `The field ${issue.expected} is missing.`
      : 'A connection must be an object with a region and credentials.',
);

/** What is expected of an endpoint, as a sentence. */
export const endpointMessage =
  'The endpoint must be an https (or http) URL without path, query and user name, for example ' +
  'https://s3.example.com:9000.';

/**
 * An endpoint as it is kept: scheme, host and a port other than the scheme's own, in lower case.
 *
 * @returns undefined if the text is no endpoint; {@link endpointMessage} says why
 */
export function readEndpoint(endpoint: string): string | undefined {
  if (!URL.canParse(endpoint)) return undefined;
  const url = new URL(endpoint);
  const hasMore = url.pathname !== '/' || /[?#@]/.test(endpoint);
  return /^https?:$/.test(url.protocol) && !hasMore ? url.origin : undefined;
}

/**
 * Reads the setting `ssec.connections`: an object of connection name → what a {@link Connection}
 * has besides its name. An entry that cannot be used is left out and explained, the others stay.
 * The addressing defaults to `path` with an endpoint and to `virtualHost` with AWS.
 *
 * @param setting the setting's value, whatever it is; undefined means no connections
 */
export function readConnections(setting: unknown): {
  readonly connections: readonly Connection[];
  readonly problems: readonly SettingProblem[];
} {
  const connections: Connection[] = [];
  const problems: SettingProblem[] = [];
  const report = (path: readonly string[], message: string): void => {
    problems.push({ setting: connectionsSetting, path, message });
  };
  if (setting === undefined || setting === null) return { connections, problems };
  if (typeof setting !== 'object' || Array.isArray(setting)) {
    report([], 'The connections must be an object of name → connection.');
    return { connections, problems };
  }
  for (const [name, entry] of Object.entries(setting)) {
    if (!isConnectionName(name)) {
      report([name], 'A connection name has only a-z, 0-9 and -, and at most 63 characters.');
      continue;
    }
    for (const path of unknownFields(entry)) {
      report([name, ...path], 'There is no such field in a connection; it is ignored.');
    }
    const result = v.safeParse(entrySchema, entry);
    if (result.success) connections.push(connectionOf(name, result.output));
    for (const issue of result.issues ?? []) {
      report([name, ...(issue.path ?? []).map(({ key }) => String(key))], issue.message);
    }
  }
  return { connections, problems };
}

function connectionOf(name: string, entry: v.InferOutput<typeof entrySchema>): Connection {
  return {
    name,
    ...entry,
    addressing: entry.addressing ?? (entry.endpoint === undefined ? 'virtualHost' : 'path'),
    buckets: entry.buckets?.length === 0 ? undefined : entry.buckets,
  };
}

/** The fields of an entry that mean nothing: most likely misspelt, or a secret in a wrong place. */
function unknownFields(entry: unknown): string[][] {
  const known = [...Object.keys(entrySchema.entries)];
  const inner = ['source', 'profile'];
  return [
    ...fieldsOf(entry)
      .filter((field) => !known.includes(field))
      .map((field) => [field]),
    ...fieldsOf((entry as { credentials?: unknown } | null)?.credentials)
      .filter((field) => !inner.includes(field))
      .map((field) => ['credentials', field]),
  ];
}

function fieldsOf(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}

/** The entry of the setting `ssec.connections` for a connection; the inverse of reading it. */
export function connectionEntry(connection: Connection): Record<string, unknown> {
  const fields = Object.entries(connection).filter(([name]) => name !== 'name');
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}
