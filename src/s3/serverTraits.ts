import type { ServerTraits } from '../core/objectStore.ts';
import type { ServerProfile } from './serverProfile.ts';

/** What a person may know of the server's ways. */
export function serverTraits(server: ServerProfile): ServerTraits {
  const { habits, kind } = server;
  const atomic = habits.ifMatchAtomic && !server.comparesSomewhere;
  const copies = { trusted: 'yes', plaintext: 'parts', untested: 'unknown' } as const;
  return {
    server: server.server,
    conditionalPut: kind === undefined ? 'unknown' : atomic ? 'atomic' : 'comparedBefore',
    serverSideCopy: server.copied === 'unknown' ? copies[habits.copyObject] : server.copied,
  };
}
