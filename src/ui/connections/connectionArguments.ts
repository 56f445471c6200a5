import * as v from 'valibot';
import { endpointMessage } from '../../core/connectionConfig.ts';
import { isConnectionName } from '../../core/connectionName.ts';
import { Secret } from '../../core/secret.ts';
import type { ConnectionDraft } from './connectionDraft.ts';
import { endpointFrom } from './typedText.ts';

/** Texts; the messages never repeat a value, which can be a secret in a wrong place. */
const text = v.pipe(v.string('expected a text.'), v.nonEmpty('must not be empty.'));
const flag = v.boolean('expected true or false.');

const name = v.pipe(
  text,
  v.check(isConnectionName, 'only a-z, 0-9 and -, and at most 63 characters.'),
);

const credentials = v.variant(
  'source',
  [
    v.strictObject(
      {
        source: v.literal('accessKey'),
        accessKeyId: text,
        secretAccessKey: text,
        sessionToken: v.optional(text),
      },
      'expected source, accessKeyId, secretAccessKey and, if needed, sessionToken.',
    ),
    v.strictObject({ source: v.literal('profile'), profile: text }, 'expected source and profile.'),
    v.strictObject({ source: v.literal('environment') }, 'expected source alone.'),
  ],
  'the source must be "accessKey", "profile" or "environment".',
);

const fields = {
  service: v.optional(v.picklist(['aws', 's3'], 'expected "aws" or "s3".')),
  endpoint: v.optional(
    v.pipe(
      text,
      v.check((url) => endpointFrom(url) !== undefined, endpointMessage),
    ),
  ),
  region: v.optional(text),
  addressing: v.optional(v.picklist(['path', 'virtualHost'], 'expected "path" or "virtualHost".')),
  credentials: v.optional(credentials),
  keepOnFailure: v.optional(flag),
};
const caFile = text;
const buckets = v.array(text, 'expected a list of bucket names.');
const checksums = v.picklist(
  ['whenSupported', 'whenRequired'],
  'expected "whenSupported" or "whenRequired".',
);

/** Arguments of `ssec.addConnection`. */
export const addArguments = v.strictObject({
  ...fields,
  name: v.optional(name),
  caFile: v.optional(caFile),
  buckets: v.optional(buckets),
  checksums: v.optional(checksums),
  target: v.optional(v.picklist(['user', 'workspace'], 'expected "user" or "workspace".')),
  confirmed: v.optional(flag),
});
export type AddArguments = v.InferOutput<typeof addArguments>;

/** Arguments of `ssec.editConnection`; null takes a field away. */
export const editArguments = v.strictObject({
  ...fields,
  name: v.optional(text),
  newName: v.optional(name),
  caFile: v.nullish(caFile),
  buckets: v.nullish(buckets),
  checksums: v.nullish(checksums),
});
export type EditArguments = v.InferOutput<typeof editArguments>;

/** Arguments of `ssec.removeConnection`. */
export const removeArguments = v.strictObject({
  name: v.optional(text),
  confirmed: v.optional(flag),
});
export type RemoveArguments = v.InferOutput<typeof removeArguments>;

/** Arguments of `ssec.testConnection`. */
export const testArguments = v.strictObject({ name: v.optional(text) });
export type TestArguments = v.InferOutput<typeof testArguments>;

/** Writes what arguments say into a draft; what they leave out stays. */
export function applyArguments(draft: ConnectionDraft, args: AddArguments | EditArguments): void {
  if (args.service !== undefined || args.endpoint !== undefined) {
    draft.service = args.service ?? 's3';
  }
  if (args.endpoint !== undefined) draft.endpoint = endpointFrom(args.endpoint);
  draft.region = args.region ?? draft.region;
  draft.addressing = args.addressing ?? draft.addressing;
  if (args.caFile !== undefined) draft.caFile = args.caFile ?? undefined;
  if (args.buckets !== undefined) draft.buckets = args.buckets ?? undefined;
  if (args.checksums !== undefined) draft.checksums = args.checksums ?? undefined;
  if (args.credentials !== undefined) applyCredentials(draft, args.credentials);
}

function applyCredentials(draft: ConnectionDraft, given: v.InferOutput<typeof credentials>): void {
  draft.source = given.source;
  draft.profile = given.source === 'profile' ? given.profile : undefined;
  const key = given.source === 'accessKey' ? given : undefined;
  draft.accessKeyId = key?.accessKeyId;
  draft.secretAccessKey = key && new Secret(key.secretAccessKey);
  draft.sessionToken = key?.sessionToken === undefined ? undefined : new Secret(key.sessionToken);
}
