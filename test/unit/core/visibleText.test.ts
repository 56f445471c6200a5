import assert from 'node:assert/strict';
import { visibleText } from '../../../src/core/visibleText.ts';

describe('visibleText', () => {
  it('leaves names alone that hide nothing', () => {
    for (const name of ['report.txt', 'ü', 'a b', '\\', '%2F', '👩‍👩‍👧', '❤️‍🔥', 'שלום', 'a']) {
      assert.equal(visibleText(name), name);
    }
  });

  it('shows what is invisible', () => {
    assert.equal(visibleText('a\tb\nc\r'), 'a\\tb\\nc\\r');
    assert.equal(visibleText('\u0001\u007F\u2028'), '\\u{1}\\u{7F}\\u{2028}');
    assert.equal(visibleText('a\u200Bb\uFEFF\u200D'), 'a\\u{200B}b\\u{FEFF}\\u{200D}');
    assert.equal(visibleText(' a  '), '␠a␠␠');
  });

  it('defuses what changes the direction of text', () => {
    assert.equal(visibleText('invoice\u202Efdp.exe'), 'invoice\\u{202E}fdp.exe');
    assert.equal(visibleText('\u2066a\u2069'), '\\u{2066}a\\u{2069}');
  });
});
