import type { S3Server } from './s3Server.ts';
import type { TestTls } from './tls.ts';

/** A server of the run, as suites see it: somebody else stops it. */
export interface TestServer extends Omit<S3Server, 'stop'> {
  /** The recording proxy in front of this server, see proxy.ts and proxyClient.ts. */
  readonly proxy: { readonly endpoint: string; readonly control: string };
}

/** What scripts/withServers.ts hands to the command that it runs, as JSON in `SSEC_TEST_SERVERS`. */
export interface TestServers {
  readonly servers: readonly TestServer[];
  readonly tls: TestTls;
}

/** Writes the servers into an environment variable's text. */
export function toEnvironment(servers: TestServers): { SSEC_TEST_SERVERS: string } {
  return { SSEC_TEST_SERVERS: JSON.stringify(servers) };
}

/** The servers that this run's starter has brought up. */
export function serversFromEnvironment(): readonly TestServer[] {
  return read().servers;
}

/** @public The certificates of this run, for a proxy of one's own. */
export function tlsFromEnvironment(): TestTls {
  return read().tls;
}

function read(): TestServers {
  const text = process.env['SSEC_TEST_SERVERS'];
  if (text === undefined || text === '') {
    throw new Error(
      'These tests need running S3 servers: start them by npm run test:contract, test:integration or test:e2e.',
    );
  }
  // Written by toEnvironment in this same tree, a moment ago.
  return JSON.parse(text) as TestServers;
}
