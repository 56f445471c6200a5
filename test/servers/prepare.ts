import { prepareCeph } from './ceph.ts';
import { minioBinary } from './minioBinary.ts';
import type { MissingServer, S3ServerName } from './s3Server.ts';
import type { Say } from './say.ts';

/**
 * Gets what the local servers need (a build, Debian packages) and tells which of them can be
 * started and which not: so that the minutes it may take pass beside something else, and once.
 */
export async function prepareServers(say: Say): Promise<{
  readonly ready: readonly S3ServerName[];
  readonly missing: readonly MissingServer[];
}> {
  const needs = { minio: () => minioBinary(say), ceph: () => prepareCeph(say) } as const;
  const names = ['minio', 'ceph'] as const;
  const outcomes = await Promise.allSettled(names.map((name) => needs[name]()));
  const missing = names.flatMap((name, index) => {
    const outcome = outcomes[index];
    return outcome?.status === 'rejected' ? [{ name, reason: String(outcome.reason) }] : [];
  });
  const ready = names.filter((name) => !missing.some((each) => each.name === name));
  return { ready: [...ready, 'external'], missing };
}
