import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto';
import type { Db } from '@/lib/db/client';
import { enqueue } from '@/lib/db/job-queue';
import { pgSql } from '@/lib/db/sql';
import { inSqlTransaction } from '@/lib/db/transaction';
import type { Mail, SendMail } from '@/lib/http/mail';

/** About a day of growing pauses: mail servers are away for hours. */
const MOST_ATTEMPTS = 300;

/**
 * Keeps mails until they are delivered: the row and the job that delivers it are written in one transaction, so that a mail server
 * that is away delays a mail and loses none.
 * @param secretMailKey 32 bytes. Rows are sealed with it: a mail may hold a code, and codes never stand in the database.
 */
export const queueMail =
  (db: Pick<Db, 'pool'>, secretMailKey: Uint8Array): SendMail =>
  (mail) =>
    inSqlTransaction(db.pool, async (sql) => {
      const mailId = randomUUID();
      await sql.query('INSERT INTO mails (id, sealed) VALUES ($1, $2)', [mailId, sealMail(mail, secretMailKey)]);
      await enqueue(sql, { name: 'send-mail', payload: { mailId } }, { maxAttempts: MOST_ATTEMPTS });
    });

/** Delivers a kept mail and forgets it. One that is gone was delivered. @throws when it can't be handed over. */
export const deliverMail = async (
  mailId: string,
  {
    db,
    secretMailKey,
    deliver,
  }: { readonly db: Pick<Db, 'pool'>; readonly secretMailKey: Uint8Array; readonly deliver: SendMail },
): Promise<void> => {
  const sql = pgSql(db.pool);
  const { rows } = await sql.query<{ sealed: Buffer }>('SELECT sealed FROM mails WHERE id = $1', [mailId]);
  const [row] = rows;
  if (!row) return;
  await deliver(openMail(row.sealed, secretMailKey));
  await sql.query('DELETE FROM mails WHERE id = $1', [mailId]);
};

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM: nonce, tag, then the mail's JSON. */
const sealMail = (mail: Mail, key: Uint8Array): Buffer => {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const sealed = Buffer.concat([cipher.update(JSON.stringify(mail), 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
};

const openMail = (sealed: Buffer, key: Uint8Array): Mail => {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  const text = Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
  return JSON.parse(text.toString('utf8')) as Mail;
};
