import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { createRawClient } from '../../contract/rawClient.ts';
import type { TestServer } from '../../servers/fromEnvironment.ts';

/** What a small company could have on its server. */
export interface Scene {
  readonly contracts: Uint8Array;
  readonly backups: Uint8Array;
  /** Stored in no VS Code. */
  readonly foreign: Uint8Array;
}

const offer = `# Offer 2026-118: Northwind Traders

Valid until **31 December 2026**. Contact: Anna Berg, anna.berg@example.com

| Item                     | Quantity | Price each |
| ------------------------ | -------: | ---------: |
| Cold storage, 10 TB      |       12 |   € 118.00 |
| Key ceremony, two people |        1 |   € 940.00 |
| Restore drill            |        2 |   € 310.00 |

All prices without VAT. Payment within 30 days of the invoice.

## What is included

1. Objects are encrypted with a key that only Northwind has.
2. A copy of that key lies in their safe, not in ours.
3. Twice a year we restore everything and compare the checksums.

Whoever loses the key loses the objects: please sign page two.
`;

/** Makes the buckets and their objects. */
export async function furnish(server: TestServer, scene: Scene): Promise<void> {
  const raw = createRawClient(server);
  const put = async (address: string, body: string | Uint8Array, customerKey?: Uint8Array) => {
    const [bucket = '', ...rest] = address.split('/');
    const { status } = await raw.send({
      ...{ method: 'PUT', bucket, key: rest.join('/'), body, customerKey },
    });
    if (status !== 200) throw new Error(`${address}: ${String(status)}`);
  };
  for (const bucket of ['acme-backups', 'acme-contracts', 'acme-website']) {
    await raw.send({ method: 'PUT', bucket });
  }
  const { contracts, backups, foreign } = scene;
  const logo = readFileSync(new URL('../../../media/icon.png', import.meta.url));
  await put('acme-backups/db/2026-11-21.sql', '-- dump\n'.repeat(9000), backups);
  await put('acme-contracts/2025/northwind.md', '# Northwind\n'.repeat(700), contracts);
  await put('acme-contracts/2026/customers.csv', 'name,since,city\n'.repeat(310), contracts);
  await put('acme-contracts/2026/audit.pdf', '%PDF-1.7\n'.repeat(24000), foreign);
  await put('acme-contracts/2026/letterhead.png', logo, contracts);
  await put('acme-contracts/2026/offer-northwind.md', offer, contracts);
  await put('acme-contracts/2026/read me first.txt', 'Prices are in the offers.\n');
  await put('acme-contracts/2026/terms.md', '# Terms\n'.repeat(520), contracts);
  await put('acme-website/index.html', '<!doctype html>\n');
  raw.dispose();
}

/** Answers on a port of loopback for a server: the usual port looks better in a picture. */
export async function forwardFrom(
  port: number,
  endpoint: string,
): Promise<{ stop(): Promise<void> }> {
  const target = new URL(endpoint);
  const front = createServer((socket) => {
    const server = connect(Number(target.port), target.hostname);
    for (const each of [socket, server]) {
      each.on('error', () => {
        socket.destroy();
        server.destroy();
      });
    }
    socket.pipe(server).pipe(socket);
  });
  await new Promise<void>((resolve, reject) => {
    front.once('error', reject);
    front.listen(port, '127.0.0.1', resolve);
  });
  return {
    stop: () =>
      new Promise((resolve) => {
        front.close(() => {
          resolve();
        });
      }),
  };
}
