import type { IncomingMessage, RequestListener } from 'node:http';
import type { FaultDescription } from './proxyFaults.ts';
import type { Proxy } from './proxy.ts';

/** What the control channel may do. */
type Controlled = Pick<Proxy, 'requests' | 'clear' | 'addFault' | 'clearFaults'>;

/**
 * The control channel: `GET /requests`, `POST /clear`, `POST /fault` with a FaultDescription,
 * `POST /clear-faults`; JSON both ways.
 */
export function serveControl(proxy: Controlled): RequestListener {
  return (request, response) => {
    void (async () => {
      const text = await bodyOf(request);
      try {
        switch (`${request.method ?? ''} ${request.url ?? ''}`) {
          case 'GET /requests':
            break;
          case 'POST /clear':
            proxy.clear();
            break;
          case 'POST /fault':
            // Only this project's own tests talk here, through proxyClient.ts.
            proxy.addFault(JSON.parse(text) as FaultDescription);
            break;
          case 'POST /clear-faults':
            proxy.clearFaults();
            break;
          default:
            throw new Error('no such action');
        }
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(proxy.requests));
      } catch (error) {
        response.writeHead(400).end(String(error));
      }
    })();
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
