import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The customer keys of the sample; one more is known to nobody. Made anew at each start. */
export type SampleKeyName = 'team' | 'personal';
export type SampleKeys = Readonly<Record<SampleKeyName | 'lost', Buffer>>;

/** An object of the sample. */
export interface SampleObject {
  readonly bucket: string;
  readonly key: string;
  readonly body: string | Buffer;
  readonly contentType: string;
  /** What it is encrypted with; plain if undefined. */
  readonly customerKey?: Buffer;
}

/** The sample's buckets. */
export const sampleBuckets = ['sample-documents', 'sample-archive'] as const;

/** Fresh customer keys. */
export function createSampleKeys(): SampleKeys {
  return { team: randomBytes(32), personal: randomBytes(32), lost: randomBytes(32) };
}

/** Everything that is worth a look: two keys, none, an unknown one, an image, odd names, many. */
export function sampleObjects({ team, personal, lost }: SampleKeys): SampleObject[] {
  const text = (key: string, body: string, customerKey?: Buffer): SampleObject => ({
    ...{ bucket: 'sample-documents', key, body, contentType: 'text/plain; charset=utf-8' },
    ...(customerKey === undefined ? {} : { customerKey }),
  });
  const icon = readFileSync(new URL('../media/icon.png', import.meta.url));
  const fingerprint = createHash('md5').update(team).digest('base64');
  return [
    text('welcome.txt', 'A plain object: it opens without a customer key.\n'),
    text('team/plan.md', `# Plan\n\nEncrypted with the key “team” (${fingerprint}).\n`, team),
    text('team/budget.csv', 'month,amount\n2026-09,1200\n2026-10,1350\n2026-11,1280\n', team),
    text('personal/diary.md', '# Diary\n\nEncrypted with the key “personal”.\n', personal),
    text('mixed/plain.txt', 'Plain, beside encrypted ones.\n'),
    text('mixed/team.txt', 'Encrypted with “team”.\n', team),
    text('mixed/personal.txt', 'Encrypted with “personal”.\n', personal),
    { ...text('pictures/icon.png', ''), body: icon, contentType: 'image/png' },
    {
      ...text('pictures/encrypted icon.png', '', team),
      ...{ body: icon, contentType: 'image/png' },
    },
    ...oddNames.map((name) => text(`odd names/${name}`, `The name is ${name}\n`, team)),
    ...Array.from({ length: 300 }, (_, index) => {
      const number = String(index + 1).padStart(3, '0');
      return text(`many/note ${number}.txt`, `Note ${number}\n`, index % 2 === 0 ? team : personal);
    }),
    {
      ...text('lost/nobody has the key.txt', 'Nobody reads this.\n', lost),
      bucket: 'sample-archive',
    },
    { ...text('2025/report.txt', 'Last year’s.\n', personal), bucket: 'sample-archive' },
  ];
}

/** Names that trip clients up; a server may refuse some. */
const oddNames = [
  'percent %2F sign.txt',
  'question? hash# plus+ and&.txt',
  'Grüße 😀.txt',
  'back\\slash.txt',
  ' blanks at both ends ',
  '"quotes" and \'quotes\'.txt',
  'double//slash.txt',
  'dots/../dots.txt',
];
