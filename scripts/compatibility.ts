import { writeFile } from 'node:fs/promises';
import { compatibilityDocument } from '../test/contract/table/document.ts';

// compatibility.ts: writes docs/compatibility.md from the rows of the contract suite.
await writeFile('docs/compatibility.md', await compatibilityDocument());
