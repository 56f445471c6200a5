import { readFile } from 'node:fs/promises';

/** What the system calls a user and a group. */
export interface AccountNames {
  readonly uname?: string | undefined;
  readonly gname?: string | undefined;
}

/** The names behind a file's owner, where the system keeps them in the usual two files. */
export async function accountNames(uid: number, gid: number): Promise<AccountNames> {
  const [uname, gname] = await Promise.all([nameIn('/etc/passwd', uid), nameIn('/etc/group', gid)]);
  return { uname, gname };
}

/** Both files have lines of fields between colons: the name, something, the number. */
async function nameIn(file: string, id: number): Promise<string | undefined> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  return lines.map((line) => line.split(':')).find((fields) => fields[2] === String(id))?.[0];
}
