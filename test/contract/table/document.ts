import { format } from 'prettier';
import { serverTable } from './serverTable.ts';

const opening = `# Compatibility

Which S3 servers SSE-C Explorer was tried with, where they differ, and what it does about it. The tables are written from the contract suite (\`npm run test:contract\`, rows in \`test/contract/table\`), which asks each server all of it again in every run: MinIO (the last open-source release) and Ceph RGW 16.2.15. Write this page anew by \`npx tsx scripts/compatibility.ts\`.

AWS is served by its documentation and by recorded answers; Garage by measurements that no test repeats. Any other server is taken for one that promises nothing: ETags are compared before a save, copies go through this client, and what was written is looked at.

## What the extension does

| Where servers differ | What is done |
| --- | --- |
| A wrong customer key looks like a missing right (AWS, MinIO: 403), or like any other mistake (Ceph, Garage: 400) | A HEAD without the key decides: 400 means that the object is encrypted and we may read it, so the key is wrong. |
| A key is sent for a plain object: 400, or 200 without an echo (Ceph) | Without an echo the object counts as plain, if this server was seen to echo; else a HEAD without the key decides. |
| No echo after a write | A HEAD without the key must be refused; if it is not, the object (that very version) is removed at once. |
| If-Match: quoted (AWS, MinIO), unquoted only (Ceph), never in versioned buckets (Ceph), refused between plain and encrypted (MinIO), ignored (Garage) | The way that works is found out and remembered for the bucket; where none does, the ETag is compared right before the PUT. An unguarded moment remains there; the connection's properties say so. |
| If-None-Match ignored in versioned buckets (Ceph) | On Ceph a new object is looked for before it is written. |
| A lost race or a lost answer may be 412, 409 or 500 | What is stored is read back and compared byte by byte before success or conflict is reported. |
| CopyObject stores plaintext and says 200 (Ceph, from plain to a key) | Not used there. After every copy a HEAD of the target decides; plaintext is removed at once, and the copy goes through this client. |
| CopyObject refuses SSE-C (Ceph: 501) | UploadPartCopy where both keys are the same or the source is plain, else through this client. |
| UploadPartCopy decodes the source's object key twice (Ceph: \`a%2Fb\` gives \`a/b\`) | Object keys with \`%\` or \`?\` go through this client there. |
| A copy's condition on its source is ignored (Ceph) | The source is looked at again after the copy. |
| A copy forgets Expires (MinIO) or the tags (Ceph: with REPLACE, and multipart uploads) | Everything is restated; the tags of the target are counted and written again. |
| A leading slash is dropped, so that \`/x\` would overwrite \`x\` (MinIO, Garage) | Such a name is refused before anything is sent; with a server that is not known this is found out first, by an object that is there or, in an empty bucket, by one of a random name that is removed again. |
| DeleteObjects cannot carry every object key in XML | Those go one by one. |
| The DELETE of a bucket's setting deletes the bucket (Ceph) | No DELETE without an object key ever leaves. |
| A page of one entry loses the rest (MinIO, with a delimiter) | Pages have at least two. |
| SSE-C is blocked in the bucket (AWS since April 2026): 403 | GetBucketEncryption tells it from a missing right; where that is refused, the message names both. |
`;

/** The text of docs/compatibility.md. */
export async function compatibilityDocument(): Promise<string> {
  const tables = Object.entries(serverTable).map(([title, rows]) => {
    const lines = rows.map(({ question, minio, ceph }) =>
      ['', question, minio, ceph, ''].map(escaped).join('|'),
    );
    return `### ${title}\n\n| | MinIO | Ceph RGW 16 |\n|---|---|---|\n${lines.join('\n')}\n`;
  });
  const text = `${opening}\n## What servers answer\n\n${tables.join('\n')}`;
  return format(text, { parser: 'markdown', printWidth: 100, singleQuote: true });
}

function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|').replaceAll('*', '\\*').replaceAll('_', '\\_');
}
