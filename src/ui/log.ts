import * as vscode from 'vscode';
import type { RequestRecord } from '../core/storeOptions.ts';

/** The log channel "SSE-C Explorer": one line a request, and the stacks of unknown errors. */
export class Log {
  readonly #channel = vscode.window.createOutputChannel('SSE-C Explorer', { log: true });

  request(connection: string, record: RequestRecord): void {
    const target = [record.bucket, record.key].filter((part) => part !== undefined).join('/');
    const outcome = record.errorKind === undefined ? '' : ` ${record.errorKind}`;
    const retries = record.retries === 0 ? '' : ` retries=${record.retries}`;
    this.#channel.info(
      `${record.operation} ${connection}:${JSON.stringify(target)} ` +
        `${record.status ?? '-'}${outcome} ${Math.round(record.milliseconds)} ms${retries}`,
    );
  }

  info(message: string): void {
    this.#channel.info(message);
  }

  warn(message: string): void {
    this.#channel.warn(message);
  }

  error(error: unknown): void {
    this.#channel.error(error instanceof Error ? error : String(error));
  }

  show(): void {
    this.#channel.show(true);
  }

  dispose(): void {
    this.#channel.dispose();
  }
}
