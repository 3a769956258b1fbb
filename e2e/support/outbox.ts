import fs from 'node:fs';
import path from 'node:path';

type Mail = {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly code?: string;
  readonly createdAt: string;
};

/** Waits for the newest mail with a code to that address in DATA_DIR/outbox. @param about Its subject. @throws after ten seconds. */
export const codeFor = async (dataDir: string, to: string, about = /./): Promise<string> => {
  const directory = path.join(dataDir, 'outbox');
  for (let tries = 0; tries < 100; tries += 1) {
    const files = fs.existsSync(directory) ? fs.readdirSync(directory).filter((file) => file.endsWith('.json')) : [];
    const mails = files.map((file) => JSON.parse(fs.readFileSync(path.join(directory, file), 'utf8')) as Mail);
    const mine = mails
      .filter((mail) => mail.to === to && mail.code && about.test(mail.subject))
      .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
    if (mine[0]?.code) return mine[0].code;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`No mail with a code came for ${to} in ${directory}.`);
};
