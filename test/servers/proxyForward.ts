import type { IncomingMessage, ServerResponse } from 'node:http';
import { request as send, type Agent } from 'node:https';
import { Transform } from 'node:stream';
import type { Fault, RecordedRequest } from './proxyFaults.ts';
import { without } from './rawHeaders.ts';
import { resign } from './resign.ts';
import type { S3Server } from './s3Server.ts';

/** One request on its way. */
export interface Passage {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly record: RecordedRequest;
  readonly fault: Fault | undefined;
  readonly server: Omit<S3Server, 'stop'>;
  readonly agent: Agent;
}

/** Passes a request on and its answer back, both streamed, with the fault if there is one. */
export function forward(passage: Passage): void {
  const { request, response, record, fault } = passage;
  if (fault) record.fault = fault.kind;
  if (fault?.kind === 'respond') {
    // The client may still be sending: an answer alone would look like a reset to it.
    request.on('data', (chunk: Buffer) => (record.requestBytes += chunk.length));
    request.once('end', () => {
      record.status = fault.status;
      response.writeHead(fault.status, fault.headers).end(fault.body);
    });
  } else if (fault?.kind === 'reset' && fault.when === 'beforeForward') {
    request.socket.destroy();
  } else if (fault?.kind === 'delay') {
    setTimeout(() => {
      if (!request.socket.destroyed) pass(passage);
    }, fault.milliseconds);
  } else {
    pass(passage);
  }
}

function pass({ request, response, record, fault, server, agent }: Passage): void {
  const target = new URL(server.endpoint);
  const headers = headersFor(request, fault, server);
  const onward = send({
    ...{ agent, method: record.method, path: record.path, headers },
    ...{ host: target.hostname, port: target.port || 443 },
  });
  onward.once('response', (answer) => {
    giveBack(answer, { request, response, record, fault });
  });
  onward.on('error', () => {
    // A server may answer and hang up before it has read all: then the answer is what counts.
    if (!response.headersSent) request.socket.destroy();
  });
  response.once('close', () => {
    if (response.writableFinished && request.complete) return;
    onward.destroy();
    // Answered before all was sent: the client may use the connection again, behind the rest.
    request.unpipe();
    request.resume();
  });
  const limit =
    fault?.kind === 'resetAfter' && fault.direction === 'request' ? fault.bytes : undefined;
  const counted = counter((bytes) => (record.requestBytes += bytes), limit);
  request.pipe(counted.stream).pipe(onward, { end: false });
  counted.stream.once('end', () => {
    if (!counted.isCut()) onward.end();
    else {
      onward.destroy();
      request.socket.destroy();
    }
  });
}

function giveBack(
  answer: IncomingMessage,
  { request, response, record, fault }: Pick<Passage, 'request' | 'response' | 'record' | 'fault'>,
): void {
  if (fault?.kind === 'reset') {
    answer.resume();
    answer.once('end', () => request.socket.destroy());
    return;
  }
  const status = answer.statusCode ?? 502;
  record.status = status;
  const truncate = fault?.kind === 'truncateBody';
  const reset = fault?.kind === 'resetAfter' && fault.direction === 'response';
  let headers: string[] = answer.rawHeaders;
  if (fault?.kind === 'stripResponseHeaders') headers = without(headers, fault.names);
  if (truncate && Number(answer.headers['content-length'] ?? Infinity) > fault.bytes) {
    headers = without(headers, ['content-length', 'transfer-encoding']);
    headers.push('Content-Length', String(fault.bytes));
  }
  response.sendDate = false;
  response.writeHead(status, answer.statusMessage, headers);
  const limit = truncate || reset ? fault.bytes : undefined;
  const back = counter((bytes) => (record.responseBytes += bytes), limit);
  answer.once('error', () => request.socket.destroy());
  answer.pipe(back.stream).pipe(response, { end: false });
  back.stream.once('end', () => {
    if (back.isCut() && reset) request.socket.destroySoon();
    else response.end();
    if (back.isCut()) answer.destroy();
  });
}

/** Counts what passes; the stream ends after `limit` bytes, if given: then it is cut. */
function counter(
  count: (bytes: number) => void,
  limit = Infinity,
): { readonly stream: Transform; isCut(): boolean } {
  let left = limit;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const part = chunk.length > left ? chunk.subarray(0, left) : chunk;
      left -= part.length;
      count(part.length);
      this.push(part);
      if (left > 0) done();
      else this.push(null);
    },
  });
  return { stream, isCut: () => left <= 0 };
}

function headersFor(
  request: IncomingMessage,
  fault: Fault | undefined,
  server: Omit<S3Server, 'stop'>,
): string[] {
  let headers: string[] = request.rawHeaders;
  if (fault?.kind === 'stripRequestHeaders') headers = without(headers, fault.names);
  // A local server takes the client's Host, which is signed; another one routes by it.
  if (server.name === 'external') {
    headers = [...without(headers, ['host']), 'Host', new URL(server.endpoint).host];
  }
  if (headers === request.rawHeaders) return headers;
  const { method = 'GET', url = '/' } = request;
  return resign({ method, url, headers: request.rawHeaders }, headers, server);
}
