import type { HttpHandlerOptions } from '@aws-sdk/types';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Connection } from '../core/connection.ts';
import type { KeyGuard } from '../core/storeOptions.ts';
import { checkCustomerKeys, checkDelete } from './keyCheckpoint.ts';

type Request = Parameters<NodeHttpHandler['handle']>[0];
type Answer = Awaited<ReturnType<NodeHttpHandler['handle']>>;

/** What is noted of every answer. */
export interface SeenResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The SDK's HTTP handler behind the checkpoint: nothing leaves but through here, retries and
 * requests of the SDK's own making included. Redirects are never followed.
 */
export class GuardedHandler {
  readonly metadata = { handlerProtocol: 'http/1.1' };
  readonly #http: NodeHttpHandler;
  readonly #connection: Connection;
  readonly #guard: KeyGuard;
  readonly #onResponse: (response: SeenResponse) => void;

  constructor(
    http: NodeHttpHandler,
    connection: Connection,
    guard: KeyGuard,
    onResponse: (response: SeenResponse) => void,
  ) {
    this.#http = http;
    this.#connection = connection;
    this.#guard = guard;
    this.#onResponse = onResponse;
  }

  async handle(request: Request, options?: HttpHandlerOptions): Promise<Answer> {
    checkDelete(this.#connection, request);
    checkCustomerKeys(this.#connection, this.#guard, request);
    const answer = await this.#http.handle(request, options);
    const { statusCode, headers } = answer.response;
    this.#onResponse({ status: statusCode, headers });
    return answer;
  }

  updateHttpClientConfig(): void {
    // The settings of the handler inside are final.
  }

  httpHandlerConfigs(): Record<string, never> {
    return {};
  }

  destroy(): void {
    this.#http.destroy();
  }
}
