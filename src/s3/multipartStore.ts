import type { MultipartStore } from '../core/multipartStore.ts';
import { completeUpload } from './multipartCompletion.ts';
import { listParts, listUploads } from './multipartLists.ts';
import { abortUpload, createUpload, partDigestOf, uploadPart } from './multipartRequests.ts';
import type { Wire } from './wire.ts';

/** Core's MultipartStore over the SDK. */
export function multipartOver(wire: Wire): MultipartStore {
  return {
    partDigest: () => partDigestOf(wire),
    create: (address, options) => createUpload(wire, address, options),
    uploadPart: (upload, partNumber, source, options) =>
      uploadPart(wire, upload, partNumber, source, options),
    listParts: (upload, options) => listParts(wire, upload, options),
    complete: (upload, parts, options) => completeUpload(wire, upload, parts, options),
    abort: (upload, signal) => abortUpload(wire, upload, signal),
    listUploads: (bucket, prefix, signal) => listUploads(wire, bucket, prefix, signal),
  };
}
