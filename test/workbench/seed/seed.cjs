// Runs, once for each content, the commands in the JSON file that SSEC_SEED names:
// [{ "command": "ssec.addConnection", "argument": { … } }, …]. SSE-C Explorer itself has no way in
// for this: these are its public commands, with typed arguments.
'use strict';
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const vscode = require('vscode');

exports.activate = async (context) => {
  const file = process.env.SSEC_SEED;
  if (!file) return;
  try {
    const text = readFileSync(file, 'utf8');
    const content = createHash('sha256').update(text).digest('hex');
    if (context.globalState.get('seeded') === content) return;
    for (const { command, argument } of JSON.parse(text)) {
      await insist(() => vscode.commands.executeCommand(command, argument));
    }
    await context.globalState.update('seeded', content);
  } catch (error) {
    await vscode.window.showErrorMessage(`The sample data could not be set up: ${error}`);
  }
};

/** At start VS Code may be writing the settings itself: tries again for some seconds. */
async function insist(action) {
  for (let tries = 1; ; tries++) {
    try {
      return await action();
    } catch (error) {
      if (tries === 5) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}
