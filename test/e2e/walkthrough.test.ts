import { legsFromEnvironment } from './support/matrix.ts';
import { VSCodeWindow } from './support/vscodeWindow.ts';

const steps = [
  ['Add a connection', 'It is tried before it is kept.'],
  ['Add a customer key', '32 bytes that only you have.'],
  ['Open an encrypted object', 'It opens decrypted, with the key that fits'],
  ['Say which key encrypts what', 'Names or fingerprints, never keys'],
] as const;

for (const leg of legsFromEnvironment()) {
  describe(`the walkthrough of VS Code ${leg}`, function () {
    this.timeout(120_000);
    let window: VSCodeWindow;
    before(async () => {
      window = await VSCodeWindow.start({ leg, pictures: 'walkthrough' });
    });
    after(async () => {
      await window.stop();
    });
    afterEach(async function () {
      if (this.currentTest?.state === 'failed') {
        await window.pictureFailure(this.currentTest.title);
      }
    });

    it('shows each step and what it says of it', async () => {
      const { page, palette, quickInput } = window.workbench;
      await palette.run('Welcome: Open Walkthrough...');
      await quickInput.pick(/^Get started with SSE-C Explorer/);
      const shown = page.locator('.gettingStartedContainer');
      for (const [title, says] of steps) {
        await shown.locator('.step-title', { hasText: title }).click();
        // What stands beside the steps is in a frame, in a frame.
        const media = page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
        await media.getByText(says).first().waitFor();
        await window.picture(title);
      }
    });
  });
}
