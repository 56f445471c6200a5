import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { sayOnStandardError } from '../servers/say.ts';
import { type Synced, weDownload, weSync, weUpload } from './ours.ts';
import { aws, decryptByGpg, endAgent, findPeers, mc, type Peer, rclone, s3cmd } from './peers.ts';
import { contents, onEveryServer, type Scene } from './scene.ts';

const { commands, missing } = await findPeers(sayOnStandardError);
const tellMissing = (): void => {
  for (const [name, reason] of missing) {
    sayOnStandardError(`*** NOTHING WAS TRIED WITH ${name}: ${reason}`);
  }
};
tellMissing();
after(tellMissing);

type MakePeer = (scene: Scene) => Peer | Promise<Peer>;

/** A peer with all that it needs; undefined if it was told to be missing. */
function have(
  name: 'aws' | 'rclone' | 'mc' | 's3cmd',
  make: (command: string, scene: Scene) => Peer | Promise<Peer>,
): MakePeer | undefined {
  const command = commands.get(name);
  return command === undefined ? undefined : (scene) => make(command, scene);
}

/** Peers on objects that are encrypted with a customer key. */
const withKey: readonly (readonly [string, MakePeer | undefined, keepsMd5: boolean])[] = [
  ['aws-cli', have('aws', aws), false],
  ['rclone', have('rclone', rclone), true],
  ['mc', have('mc', mc), false],
];

for (const [name, make, keepsMd5] of withKey) {
  if (make === undefined) continue;
  onEveryServer(`beside ${name}, with a customer key`, (scene) => {
    let peer: Peer;
    before(async () => {
      peer = await make(scene);
      await scene.writeContents('files');
    });

    it('gets what it wrote, and syncs it without a transfer', async () => {
      await peer.put(scene.path('files'), 'theirs/');
      await scene.assertEncrypted('theirs/');
      await weDownload(scene, 'theirs/', scene.path('got'));
      await scene.assertContents('got/theirs', { mtime: keepsMd5 });
      const synced = await weSync(scene, scene.path('files'), 'theirs/');
      assertAdopted(synced);
      // Without an MD5 the content is what there is to compare.
      if (keepsMd5) assert.ok(!synced.operations.includes('GetObject'), synced.operations.join());
    });

    it('writes what it reads', async () => {
      await weUpload(scene, scene.path('files'), 'ours/');
      await scene.assertEncrypted('ours/files/');
      await peer.get('ours/files/', scene.path('back'));
      await scene.assertContents('back', { mtime: keepsMd5 });
      assertAdopted(await weSync(scene, scene.path('back'), 'ours/files/'));
    });
  });
}

const plainS3cmd = have('s3cmd', s3cmd);
if (plainS3cmd !== undefined) {
  onEveryServer('beside s3cmd, plain', (scene) => {
    let peer: Peer;
    const plain = { isEncrypted: false };
    before(async () => {
      peer = await plainS3cmd(scene);
      await scene.writeContents('files');
    });

    it('gets what it wrote with mode and mtime, and syncs it without a transfer', async () => {
      await peer.put(scene.path('files'), 'theirs/');
      await weDownload(scene, 'theirs/', scene.path('got'), plain);
      await scene.assertContents('got/theirs', { mtime: true, mode: 0o640 });
      const synced = await weSync(scene, scene.path('files'), 'theirs/', plain);
      assertAdopted(synced);
      assert.ok(!synced.operations.includes('GetObject'), synced.operations.join());
    });

    it('writes what it reads, with s3cmd-attrs', async () => {
      const describeUpload = (): object => ({ s3cmdAttributes: true });
      await weUpload(scene, scene.path('files'), 'ours/', { ...plain, describeUpload });
      await peer.get('ours/files/', scene.path('back'));
      await scene.assertContents('back', { mtime: true, mode: 0o640 });
    });
  });
}

const gpg = commands.get('gpg');
const s3cmdCommand = commands.get('s3cmd');
if (gpg !== undefined && s3cmdCommand !== undefined) {
  onEveryServer('beside s3cmd -e (GPG)', (scene) => {
    let peer: Peer;
    const plain = { isEncrypted: false };
    before(async () => {
      peer = await s3cmd(s3cmdCommand, scene, { gpg });
      await scene.writeContents('files');
    });
    after(() => endAgent(scene));

    it('decrypts what it encrypted', async () => {
      await peer.put(scene.path('files'), 'theirs/');
      await scene.assertSealed('theirs/');
      await weDownload(scene, 'theirs/', scene.path('got'), plain);
      await scene.assertContents('got/theirs', { mtime: true });
      // The sizes differ, so that without a rule a first sync cannot know; nothing is overwritten.
      const synced = await weSync(scene, scene.path('files'), 'theirs/', plain);
      assertNothingSent(synced);
      assert.deepEqual(new Set(synced.left), new Set(['conflict']));
      const how = { ...plain, describeUpload: sealed(scene) };
      const ruled = await weSync(scene, scene.path('files'), 'theirs/', how);
      assertAdopted(ruled);
      assert.ok(!ruled.operations.includes('GetObject'), ruled.operations.join());
      await scene.assertContents('files', { mtime: true });
    });

    it('syncs encrypted by rule, and has nothing to do afterwards', async () => {
      const how = { ...plain, describeUpload: sealed(scene) };
      const { left } = await weSync(scene, scene.path('files'), 'synced/', how);
      assert.deepEqual(left, []);
      await scene.assertSealed('synced/');
      await mkdir(scene.path('other'));
      assert.deepEqual((await weSync(scene, scene.path('other'), 'synced/', plain)).left, []);
      await scene.assertContents('other', { mtime: true });
    });

    it('encrypts what it decrypts', async () => {
      await weUpload(scene, scene.path('files'), 'ours/', {
        ...plain,
        describeUpload: sealed(scene),
      });
      await scene.assertSealed('ours/files/');
      await peer.get('ours/files/', scene.path('back'));
      await scene.assertContents('back', { mtime: false });
    });
  });
}

const awsCommand = commands.get('aws');
if (gpg !== undefined && awsCommand !== undefined) {
  onEveryServer('beside gpg, with a customer key', (scene) => {
    after(() => endAgent(scene));

    it('encrypts by both what aws-cli gets and gpg decrypts, and reads it itself', async () => {
      await scene.writeContents('files');
      await weUpload(scene, scene.path('files'), 'ours/', { describeUpload: sealed(scene) });
      await scene.assertEncrypted('ours/files/');
      const peer = await aws(awsCommand, scene);
      await peer.get('ours/files/', scene.path('sealed'));
      for (const [name] of contents) {
        await scene.makeFolderOf('opened', name);
        await decryptByGpg(gpg, scene, scene.path('sealed', name), scene.path('opened', name));
      }
      await scene.assertContents('opened', { mtime: false });
      await weDownload(scene, 'ours/files/', scene.path('got'));
      await scene.assertContents('got/files', { mtime: true });
    });
  });
}

function sealed(scene: Scene) {
  const { gpg: access } = scene.context();
  assert.ok(access);
  return () => ({ gpg: { gpg: access, passphrase: () => access.named('team') } });
}

/** That a first sync found both sides the same, and a second one has nothing to do. */
function assertAdopted(synced: Synced): void {
  assertNothingSent(synced);
  assert.deepEqual(synced.left, []);
}

function assertNothingSent({ operations }: Synced): void {
  const sent = operations.filter((operation) => /^(Put|Copy|Create|Upload|Delete)/.test(operation));
  assert.deepEqual(sent, []);
}
