import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { createTransport } from 'nodemailer';

/** A mail to one person. `code` repeats a code of the text, for programs that read the outbox. */
export type Mail = { readonly to: string; readonly subject: string; readonly text: string; readonly code?: string };

/** Hands a mail over. @throws when it can't be. */
export type SendMail = (mail: Mail) => Promise<void>;

/** Sends by `smtpUrl`; without one writes each mail as `DATA_DIR/outbox/<time>-<random>.json` (0600). */
export const createMail = (options: {
  readonly dataDir: string;
  readonly smtpUrl?: string;
  readonly from: string;
}): SendMail => {
  if (options.smtpUrl) {
    const transport = createTransport(options.smtpUrl);
    return async ({ to, subject, text }) => {
      await transport.sendMail({ from: options.from, to, subject, text });
    };
  }
  const directory = path.join(options.dataDir, 'outbox');
  return async (mail) => {
    const createdAt = new Date().toISOString();
    await fs.mkdir(directory, { recursive: true, mode: 0o700 });
    const file = path.join(directory, `${createdAt.replaceAll(':', '-')}-${randomBytes(4).toString('hex')}.json`);
    // Readers see whole files only.
    await fs.writeFile(`${file}.unfinished`, `${JSON.stringify({ ...mail, createdAt }, null, 2)}\n`, { mode: 0o600 });
    await fs.rename(`${file}.unfinished`, file);
  };
};
