import assert from 'node:assert/strict';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readProfiles } from '../../../../src/ui/connections/sharedConfig.ts';

describe('sharedConfig', () => {
  let home: string;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'ssec-profiles-'));
    await mkdir(join(home, '.aws'));
  });

  afterEach(async () => {
    await rm(home, { recursive: true });
  });

  async function writeConfig(text: string): Promise<void> {
    await writeFile(join(home, '.aws', 'config'), text);
  }

  it('has no profiles without files', async () => {
    assert.deepEqual(await readProfiles({ HOME: join(home, 'nobody') }), []);
  });

  it('reads both files, by name, and says where the credentials come from', async () => {
    await writeConfig(
      [
        '# a comment',
        '[default]',
        'region = eu-central-1 ',
        '[profile "with spaces"]',
        'sso_session = corp',
        's3 =',
        '  addressing_style = path',
        '[profile role]',
        'role_arn = arn:aws:iam::1:role/r',
        'source_profile = default',
        '[profile tool]\r',
        'credential_process = /bin/tool\r',
        '[sso-session corp]',
        'sso_start_url = https://example.com',
        '[no-profile]',
        'region = x',
      ].join('\n'),
    );
    await writeFile(
      join(home, '.aws', 'credentials'),
      '[default]\naws_access_key_id=A\naws_secret_access_key=S\n[only-here]\naws_access_key_id=B\n',
    );
    assert.deepEqual(await readProfiles({ HOME: home }), [
      { name: 'default', kind: 'accessKey', region: 'eu-central-1' },
      { name: 'only-here', kind: 'accessKey', region: undefined },
      { name: 'role', kind: 'role', region: undefined },
      { name: 'tool', kind: 'process', region: undefined },
      { name: 'with spaces', kind: 'sso', region: undefined },
    ]);
  });

  it('looks where AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE say', async () => {
    await writeFile(join(home, 'elsewhere'), '[profile a]\n');
    await writeFile(join(home, 'secrets'), '[b]\n');
    const profiles = await readProfiles({
      HOME: home,
      AWS_CONFIG_FILE: join(home, 'elsewhere'),
      AWS_SHARED_CREDENTIALS_FILE: '~/secrets',
    });
    assert.deepEqual(
      profiles.map(({ name }) => name),
      ['a', 'b'],
    );
  });

  it('never holds a secret', async () => {
    await writeConfig('[default]\naws_secret_access_key = hunter2\n');
    assert.ok(!JSON.stringify(await readProfiles({ HOME: home })).includes('hunter2'));
  });
});
