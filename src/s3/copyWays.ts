import { CopyObjectCommand, UploadPartCommand, UploadPartCopyCommand } from '@aws-sdk/client-s3';
import { compareTarget, copySource, isInPlace, type Copied, type CopyTask } from './copyTask.ts';
import { customerKeyParameters, sourceKeyParameters } from './customerKeyParameters.ts';
import { quoted, unquoted } from './etags.ts';
import { getObject } from './get.ts';
import { copyInParts, type SendPart } from './copyParts.ts';
import { putObject } from './put.ts';
import { addExpires, writeParameters } from './putParameters.ts';
import { subjectOf } from './subject.ts';
import { uploadBody } from './uploadBody.ts';
import { realVersion } from './versionIds.ts';

/**
 * CopyObject, with everything restated that it would not keep.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
export async function copyByServer(task: CopyTask): Promise<Copied> {
  const { wire, source, sourceKey, target, targetKey, properties, condition, signal } = task;
  const { habits } = wire.server;
  // Onto itself it must change something; MinIO's COPY forgets Expires, Ceph's REPLACE the tags.
  const replace = task.replaced || isInPlace(task) || habits.copyDirective === 'REPLACE';
  const guarded = habits.conditionalCopy;
  const { WebsiteRedirectLocation, StorageClass, ...headers } = writeParameters(properties);
  const command = new CopyObjectCommand({
    Bucket: target.bucket,
    Key: target.key,
    CopySource: copySource(task),
    CopySourceIfMatch: quoted(source.etag),
    MetadataDirective: replace ? 'REPLACE' : 'COPY',
    // Neither is ever copied.
    WebsiteRedirectLocation,
    StorageClass,
    ...(replace && headers),
    ...customerKeyParameters(targetKey),
    ...sourceKeyParameters(sourceKey),
    ...(guarded && condition.type === 'matches' && { IfMatch: quoted(condition.etag) }),
    ...(guarded && condition.type === 'absent' && { IfNoneMatch: '*' }),
  });
  if (replace) addExpires(command, properties.expires);
  await compareTarget(task);
  const output = await wire.send(command, subjectOf(target, { customerKey: targetKey, signal }));
  task.onProgress(source.size);
  const etag = unquoted(output.CopyObjectResult?.ETag);
  return {
    ...{ method: 'server', versionId: realVersion(output.VersionId) },
    etag: etag === '' ? undefined : etag,
  };
}

/** UploadPartCopy: for what is too large for CopyObject, or what CopyObject would not encrypt. */
export async function copyByServerInParts(task: CopyTask): Promise<Copied> {
  const way = { partSize: task.limits.copyPart, concurrency: 4, send: copyPart };
  return { method: 'server', ...(await copyInParts(task, way)) };
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html */
const copyPart: SendPart = async (task, { uploadId, partNumber, range, signal }) => {
  const { wire, source, sourceKey, target, targetKey } = task;
  const command = new UploadPartCopyCommand({
    Bucket: target.bucket,
    Key: target.key,
    UploadId: uploadId,
    PartNumber: partNumber,
    CopySource: copySource(task),
    CopySourceRange: `bytes=${range.first}-${range.last}`,
    CopySourceIfMatch: quoted(source.etag),
    ...customerKeyParameters(targetKey),
    ...sourceKeyParameters(sourceKey),
  });
  const subject = subjectOf(target, { customerKey: targetKey, signal });
  return (await wire.send(command, subject)).CopyPartResult?.ETag;
};

/** GET and PUT through this client, without holding more than what is on its way. */
export async function copyByStream(task: CopyTask): Promise<Copied> {
  const { wire, source, target, targetKey, condition, properties, signal } = task;
  const { size } = source;
  if (size > task.limits.single) {
    const way = { partSize: task.limits.streamPart, concurrency: 3, send: streamPart };
    return { method: 'streamed', ...(await copyInParts(task, way)) };
  }
  const tags = await task.tags();
  const body = size === 0 ? new Uint8Array() : { size, stream: streamOf(task, { signal }) };
  const options = { customerKey: targetKey, condition, properties, tags, signal };
  const { versionId, etag } = await putObject(wire, target, body, options);
  return { method: 'streamed', versionId, etag };
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html */
const streamPart: SendPart = async (task, { uploadId, partNumber, range, signal }) => {
  const { wire, target, targetKey } = task;
  const size = range.last - range.first + 1;
  const upload = uploadBody({ size, stream: streamOf(task, { range, signal }, false) });
  const command = new UploadPartCommand({
    Bucket: target.bucket,
    Key: target.key,
    UploadId: uploadId,
    PartNumber: partNumber,
    Body: upload.body,
    ContentLength: size,
    ...customerKeyParameters(targetKey),
  });
  const subject = subjectOf(target, { customerKey: targetKey, signal: upload.combine(signal) });
  return (await upload.watch(wire.send(command, subject, { streaming: true }))).ETag;
};

async function* streamOf(
  { wire, source, sourceKey: customerKey, onProgress }: CopyTask,
  options: {
    readonly range?: { readonly first: number; readonly last: number };
    readonly signal: AbortSignal | undefined;
  },
  reports = true,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { versionId, etag: ifMatch } = source;
  const { body } = await getObject(wire, source.address, {
    ...{ customerKey, versionId, ifMatch },
    ...options,
  });
  let copied = 0;
  for await (const chunk of body) {
    yield chunk;
    copied += chunk.length;
    if (reports) onProgress(copied);
  }
}
