import { conditionRows } from './conditionRows.ts';
import { copyRows } from './copyRows.ts';
import { otherRows } from './otherRows.ts';
import { readingRows } from './readingRows.ts';
import type { Row } from './row.ts';

/** What servers answer where they differ, or where they might; docs/compatibility.md shows it. */
export const serverTable: Readonly<Record<string, readonly Row[]>> = {
  'Encryption, reading and properties': readingRows,
  Conditions: conditionRows,
  'Copies and parts': copyRows,
  'Object keys, listings and the rest': otherRows,
};
