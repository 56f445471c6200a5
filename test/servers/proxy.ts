import { createServer as createControl, type Server as Closable } from 'node:http';
import { createServer, Agent } from 'node:https';
import { serveControl } from './proxyControl.ts';
import {
  ruleOf,
  type FaultDescription,
  type FaultRule,
  type RecordedRequest,
} from './proxyFaults.ts';
import { recordOf } from './rawHeaders.ts';
import { forward } from './proxyForward.ts';
import type { S3Server } from './s3Server.ts';
import { readTestTls, type TestTls } from './tls.ts';

/** A recording TLS proxy in front of an S3 server. */
export interface Proxy {
  /** `https://127.0.0.1:port`, trusted by the CA of the run, same credentials as the server's. */
  readonly endpoint: string;
  /** `http://127.0.0.1:port` of the control channel, for another process: see proxyClient.ts. */
  readonly control: string;
  /** All requests since the start or the last `clear`, in the order of arrival. */
  readonly requests: readonly RecordedRequest[];
  /** Forgets the requests. */
  clear(): void;
  /** Adds a rule; of several that match a request the first one added wins. */
  addFault(rule: FaultRule | FaultDescription): void;
  /** Removes all rules. */
  clearFaults(): void;
  stop(): Promise<void>;
}

/** Starts a proxy in front of `server` on a free loopback port, with the certificate of `tls`. */
export async function startProxy(server: Omit<S3Server, 'stop'>, tls: TestTls): Promise<Proxy> {
  const { cert, key } = await readTestTls(tls);
  const agent = new Agent({ keepAlive: true, ca: server.caPem, timeout: 20_000 });
  let requests: RecordedRequest[] = [];
  let rules: FaultRule[] = [];
  const front = createServer({ cert, key, keepAliveTimeout: 120_000 }, (request, response) => {
    const record = recordOf(request);
    requests.push(record);
    let fault;
    for (const rule of rules) if ((fault = rule(record))) break;
    forward({ request, response, record, fault, server, agent });
  });
  const controlled = {
    get requests() {
      return requests;
    },
    clear: () => {
      requests = [];
    },
    addFault: (rule: FaultRule | FaultDescription) => {
      rules.push(typeof rule === 'function' ? rule : ruleOf(rule));
    },
    clearFaults: () => {
      rules = [];
    },
  };
  const control = createControl(serveControl(controlled));
  const [port, controlPort] = [await listen(front), await listen(control)];
  return Object.assign(controlled, {
    endpoint: `https://127.0.0.1:${String(port)}`,
    control: `http://127.0.0.1:${String(controlPort)}`,
    stop: async () => {
      agent.destroy();
      await Promise.all([close(front), close(control)]);
    },
  });
}

function listen(server: Closable): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address !== null && typeof address === 'object') resolve(address.port);
    });
  });
}

function close(server: Closable): Promise<unknown> {
  return new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
}
