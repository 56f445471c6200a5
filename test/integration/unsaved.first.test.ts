import assert from 'node:assert/strict';
import { serversFromEnvironment } from '../servers/fromEnvironment.ts';
import { openText, replaceText } from './support/editors.ts';
import { addConnection, prepareSite, uriOf } from './support/site.ts';
import { keepSite } from './support/unsaved.ts';

// What it leaves is looked for by unsaved.second.test.ts, in the next start of VS Code.
const [server] = serversFromEnvironment();

describe('unsaved changes before a restart', () => {
  it('are left in an editor', async () => {
    assert.ok(server);
    const site = await prepareSite(server);
    // The settings of the workspace outlive the restart, those of the user are the launcher's.
    await addConnection(server, site.connection, { target: 'workspace' });
    for (const name of ['changed.txt', 'unchanged.txt']) {
      await site.other.put(site.bucket, name, 'before', site.customerKey, {
        Metadata: { owner: 'me' },
      });
      const document = await openText(uriOf(site, name));
      await replaceText(document, 'mine!!');
      assert.equal(document.isDirty, true);
    }
    keepSite(site);
    // VS Code backs unsaved changes up with some delay.
    await new Promise((resolve) => setTimeout(resolve, 4000));
  });
});
