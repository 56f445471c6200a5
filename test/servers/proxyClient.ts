import type { FaultDescription, RecordedRequest } from './proxyFaults.ts';

/** A proxy that runs in another process, by its control channel. */
export interface ProxyClient {
  /** The requests since the start or the last `clear`, in the order of arrival. */
  requests(): Promise<readonly RecordedRequest[]>;
  clear(): Promise<void>;
  addFault(description: FaultDescription): Promise<void>;
  clearFaults(): Promise<void>;
}

/** Connects to the control channel of a proxy, `TestServer.proxy.control`. */
export function connectProxy(control: string): ProxyClient {
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${control}/${path}`, { method, ...sent });
    if (!response.ok) throw new Error(`${method} /${path}: ${await response.text()}`);
    return response.json();
  };
  return {
    requests: async () => (await call('GET', 'requests')) as readonly RecordedRequest[],
    clear: async () => {
      await call('POST', 'clear');
    },
    addFault: async (description) => {
      await call('POST', 'fault', description);
    },
    clearFaults: async () => {
      await call('POST', 'clear-faults');
    },
  };
}
