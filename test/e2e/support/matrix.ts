import { serversFromEnvironment, type TestServer } from '../../servers/fromEnvironment.ts';
import { shareOf } from '../../servers/lane.ts';
import { legs, type Leg } from '../../workbench/install.ts';

/** The versions of VS Code to try: `$SSEC_TEST_LEGS`, separated by commas; by default all. */
export function legsFromEnvironment(): readonly Leg[] {
  const wanted = (process.env['SSEC_TEST_LEGS'] ?? '').split(',').filter((name) => name !== '');
  const chosen = legs.filter((leg) => wanted.includes(leg));
  if (chosen.length < wanted.length) {
    throw new Error(`SSEC_TEST_LEGS names ${wanted.join(', ')}; known are ${legs.join(', ')}.`);
  }
  return shareOf(chosen.length === 0 ? legs : chosen);
}

/** The server for suites that need just one: the first that the run has. */
export function primaryServer(): TestServer {
  const [server] = serversFromEnvironment();
  if (server === undefined) throw new Error('The run has no S3 server.');
  return server;
}
