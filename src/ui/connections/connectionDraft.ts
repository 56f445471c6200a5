import type { AccessKey, Connection, CredentialsSource } from '../../core/connection.ts';
import type { Secret } from '../../core/secret.ts';
import type { SettingTarget } from '../workspaceSettings.ts';
import { defaultRegion } from './regions.ts';

/** A connection that is being put together, by dialogs or by arguments. */
export interface ConnectionDraft {
  service: 'aws' | 's3';
  name?: string | undefined;
  endpoint?: string | undefined;
  region?: string | undefined;
  addressing?: Connection['addressing'] | undefined;
  caFile?: string | undefined;
  buckets?: readonly string[] | undefined;
  checksums?: Connection['checksums'];
  source?: CredentialsSource['source'] | undefined;
  profile?: string | undefined;
  accessKeyId?: string | undefined;
  secretAccessKey?: Secret | undefined;
  sessionToken?: Secret | undefined;
  target?: SettingTarget | undefined;
}

/** The draft of a connection that exists, for changing it. */
export function draftOf(
  connection: Connection,
  accessKey: AccessKey | undefined,
  target: SettingTarget,
): ConnectionDraft {
  const { credentials, ...fields } = connection;
  return {
    ...fields,
    service: connection.endpoint === undefined ? 'aws' : 's3',
    source: credentials.source,
    profile: credentials.source === 'profile' ? credentials.profile : undefined,
    ...accessKey,
    target,
  };
}

/** The connection that a draft describes. What is still missing gets its default. */
export function connectionOf(draft: ConnectionDraft): Connection {
  const isAws = draft.service === 'aws';
  return {
    name: draft.name ?? '',
    ...(!isAws && { endpoint: draft.endpoint }),
    region: draft.region ?? defaultRegion,
    addressing: draft.addressing ?? (isAws ? 'virtualHost' : 'path'),
    caFile: draft.caFile,
    buckets: draft.buckets === undefined || draft.buckets.length === 0 ? undefined : draft.buckets,
    credentials: credentialsOf(draft),
    checksums: draft.checksums,
  };
}

/** The access key of a draft; undefined if its credentials come from elsewhere. */
export function accessKeyOf(draft: ConnectionDraft): AccessKey | undefined {
  const { accessKeyId, secretAccessKey, sessionToken } = draft;
  if (draft.source !== undefined && draft.source !== 'accessKey') return undefined;
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, sessionToken };
}

function credentialsOf({ source, profile }: ConnectionDraft): CredentialsSource {
  if (source === 'profile') return { source, profile: profile ?? 'default' };
  return { source: source ?? 'accessKey' };
}
