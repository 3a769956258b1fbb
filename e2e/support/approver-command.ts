import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { approveCommand } from '@/lib/verifying-client/approve';
import type { Person } from './person';

export type Ended = { readonly code: number; readonly output: string; readonly complaint: string };

/** Somebody with a key file in a folder of their own and the API's address, and nothing else: as on another machine. */
export const approverCommand = (folder: string, person: Person) => {
  fs.mkdirSync(folder, { recursive: true });
  const keyFile = path.join(folder, 'key.json');
  const { credId, privateKey } = person.credential;
  fs.writeFileSync(keyFile, JSON.stringify({ credId, privateKey }), { mode: 0o600 });
  const line = (baseUrl: string, words: readonly string[]) => {
    const who = ['--url', baseUrl, '--org', person.orgId, '--user', person.username, '--key', keyFile];
    return [...who, ...words];
  };
  /** As people type it. */
  const typed = (baseUrl: string, ...words: readonly string[]): Promise<Ended> =>
    new Promise((resolve) => {
      const { DATA_DIR: _dataDir, ...env } = process.env;
      const child = execFile(
        'npm',
        ['run', '--silent', 'approve', '--', ...line(baseUrl, words)],
        { env },
        (error, stdout, stderr) =>
          resolve({ code: error ? Number(error.code ?? 1) : 0, output: stdout, complaint: stderr }),
      );
      child.stdin?.end();
    });
  /** The same command in this process: for many runs in a row. */
  const called = async (baseUrl: string, ...words: readonly string[]): Promise<Ended> => {
    const printed: string[] = [];
    const warned: string[] = [];
    const code = await approveCommand(
      line(baseUrl, words),
      { home: folder },
      {
        print: (text) => printed.push(text),
        warn: (text) => warned.push(text),
        ask: async () => null,
      },
    );
    return { code, output: printed.join('\n'), complaint: warned.join('\n') };
  };
  return { typed, called };
};
