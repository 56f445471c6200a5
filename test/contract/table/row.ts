import type { Probe } from '../probe.ts';

/** A question to the servers: how it is asked, and what each of them answers. */
export interface Row {
  readonly question: string;
  readonly ask: (probe: Probe) => Promise<string>;
  readonly minio: string;
  readonly ceph: string;
}

export function defineRows(rows: readonly Row[]): readonly Row[] {
  return rows;
}

/** An answer that all servers of the table share. */
export function all(answer: string): Pick<Row, 'minio' | 'ceph'> {
  return { minio: answer, ceph: answer };
}
