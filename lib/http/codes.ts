import { setTimeout } from 'node:timers/promises';
import { codeHash, newCode } from '@/lib/authentication/organisations';
import type { CodePurpose, PersonRow } from '@/lib/authentication/ports';
import { newId } from '@/lib/domain/ids';
import { refused } from '@/lib/domain/refusal';
import { orRefuse } from './handler';
import type { Mail } from './mail';
import type { Services } from './services';

/** How long a code that came by mail is good for. */
export const MAILED_CODE_LIFE_MS = 900_000;
/** Mails with codes that one person gets a minute at most. */
const MAILS_PER_MINUTE = 5;

/** When the answer to somebody unknown comes who asks for a mail: time enough for most mails, and the same for everybody. */
const ANSWER_AFTER_MS = 250;

/**
 * Does what concerns a person who may not exist.
 * SECURITY: it resolves after a fixed time, done or not: how long it takes, or that it fails, would tell who exists.
 */
export const quietly = async (services: Pick<Services, 'log'>, work: () => Promise<void>): Promise<void> => {
  inBackground(services, work);
  await setTimeout(ANSWER_AFTER_MS);
};

/** Sends somebody a code, if they exist and have registered; see `quietly`. */
export const sendCode = (
  who: { readonly orgId: string; readonly username: string },
  purpose: Exclude<CodePurpose, 'credential'>,
  mail: (to: string, code: string) => Mail,
  services: Services,
): Promise<void> =>
  quietly(services, async () => {
    const person = await services.identity.findPersonByUsername(who.orgId, who.username);
    if (!person?.registeredAt || (await isFlooded(person, services))) return;
    const code = newCode(services.random);
    await services.identity.createCode({
      id: newId('challenge', services.random),
      purpose,
      orgId: person.orgId,
      userId: person.userId,
      hash: codeHash(code),
      expiresAt: new Date(services.now() + MAILED_CODE_LIFE_MS),
    });
    await services.sendMail(mail(person.username, code));
  });

const isFlooded = async ({ userId }: PersonRow, { identity, settings }: Services): Promise<boolean> =>
  settings.rateLimit > 0 && (await identity.takeRequest(`codes:${userId}`, MAILS_PER_MINUTE)) > 0;

/** Does what an answer must not wait for; a failure is logged. */
export const inBackground = ({ log }: Pick<Services, 'log'>, work: () => Promise<void>): void => {
  work().catch((error: unknown) => log.error({ err: error }, 'a mail was not sent'));
};

/** The refusal of every wrong code, whatever is wrong about it. */
export const invalidCode = () => refused(403, 'authentication.code', 'Invalid code');

/**
 * Tries a code that was sent to a person; somebody unknown has none.
 * SECURITY: a wrong one is refused after a fixed time: a try is written down only where a code waits, which tells who exists.
 * @throws RefusalError 403 for a wrong one.
 */
export const requireCode = async (
  person: PersonRow | null,
  purpose: Exclude<CodePurpose, 'credential'>,
  code: string,
  services: Services,
): Promise<{ readonly id: string }> => {
  const startedAt = performance.now();
  const now = new Date(services.now());
  const row = await services.identity.tryCodeOf(person?.userId ?? '', purpose, codeHash(code), now);
  if (row) return row;
  await setTimeout(Math.max(0, ANSWER_AFTER_MS - (performance.now() - startedAt)));
  return orRefuse(invalidCode());
};
