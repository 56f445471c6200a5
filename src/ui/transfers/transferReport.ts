import type { RunOutcome } from '../objects/runOutcome.ts';
import type { Transfer } from './transfer.ts';

/** What came of a transfer, for keeping. */
export interface TransferReport {
  readonly kind: string;
  readonly label: string;
  readonly state: string;
  readonly succeeded: number;
  readonly skipped: number;
  readonly message?: string | undefined;
  readonly failures: RunOutcome['failures'];
}

export type ReportFormat = 'json' | 'csv';

export function reportOf({
  job,
  state,
  outcome,
  error,
}: Pick<Transfer, 'job' | 'state' | 'outcome' | 'error'>): TransferReport {
  const { succeeded = 0, skipped = 0, failures = [] } = outcome ?? {};
  const { kind, label } = job;
  return { kind, label, state, succeeded, skipped, message: error?.message, failures };
}

/** A report as JSON, or its failures as CSV (RFC 4180, with a header). */
export function formatReport(report: TransferReport, format: ReportFormat): string {
  if (format === 'json') return `${JSON.stringify(report, null, 2)}\n`;
  const rows = report.failures.map(({ connection, bucket, key, path = '', message }) => [
    ...[connection, bucket, key, path, message],
  ]);
  return [['connection', 'bucket', 'key', 'path', 'message'], ...rows]
    .map((row) => `${row.map(quoted).join(',')}\r\n`)
    .join('');
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
