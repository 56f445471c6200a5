import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ObjectAddress } from '../core/address.ts';
import { DownloadJournal } from './downloadJournal.ts';
import type { TransferContext } from './transferContext.ts';
import type { TransferJournal } from './transferJournal.ts';
import { abandonUpload } from './uploadJournal.ts';

/** Gives up an interrupted upload of a file: frees its parts on the server and forgets it. */
export async function discardUpload(
  { stores }: Pick<TransferContext, 'stores'>,
  journal: TransferJournal,
  address: ObjectAddress,
  path: string,
): Promise<void> {
  await abandonUpload(await stores.get(address.connection), journal, address, path);
}

/** Gives up an interrupted download: removes its partial file and forgets it. */
export async function discardDownload(
  journal: TransferJournal,
  address: ObjectAddress,
  path: string,
): Promise<void> {
  const own = new DownloadJournal(journal, address, path);
  const record = await own.read();
  if (record !== undefined) await rm(join(dirname(path), record.partial), { force: true });
  await own.remove();
}
