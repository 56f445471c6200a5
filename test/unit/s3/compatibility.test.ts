import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { compatibilityDocument } from '../../contract/table/document.ts';

describe('docs/compatibility.md', () => {
  it('is what scripts/compatibility.ts writes', async () => {
    assert.equal(readFileSync('docs/compatibility.md', 'utf8'), await compatibilityDocument());
  });
});
