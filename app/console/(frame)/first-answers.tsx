import { headers } from 'next/headers';
import { getServerSession } from 'next-auth';
import { cache, type ReactNode } from 'react';
import { isWrittenAlike } from '@/components/ui/decimal';
import { type Answered, type Asked, keyOf, urlOf } from '@/lib/client/asked';
import { userOf } from '@/lib/client/first-asked';
import { Given } from '@/lib/client/given';
import { QUERY } from '@/lib/client/keys';
import { mayDo } from '@/lib/client/may-do';
import type { User } from '@/lib/client/shapes';
import { signedIn } from '@/lib/client/signed-in';
import { webProcess } from '@/lib/compose/web-process';
import { type AskAsPage, askingAsPage } from '@/lib/http/ask-as-page';
import { authOptions } from '@/lib/http/session';
import { readerLocale } from './reader-locale';

/** What the console is built from, as lib/client/call.ts has it: answers of other sources are the browser's to check. */
const BUILD = process.env.NEXT_PUBLIC_BUILD;

/** No page waits longer for its first answers; it asks for those that are late by itself. */
const WAIT_MS = 5_000;

const inTime = <T,>(answer: Promise<T>): Promise<T | null> =>
  Promise.race([answer, new Promise<null>((resolve) => setTimeout(resolve, WAIT_MS, null).unref())]).catch(() => null);

/** Who reads the page, and how to ask the API for them; null where nothing of theirs may be drawn. Found once a request. */
const readReader = cache(async () => {
  const { api, services, build } = webProcess();
  const ask = BUILD && build === BUILD ? askingAsPage(await headers(), { api, settings: services.settings }) : null;
  const found = ask && signedIn(await inTime(getServerSession(authOptions(services))));
  if (!ask || !found) return null;
  const user = await inTime(ask(urlOf(userOf(found.userId))));
  // The API's own answer, of these very sources.
  return user ? { ask, session: { ...found, user: user as User } } : null;
});

const answered = async (asked: Asked, ask: AskAsPage): Promise<readonly Answered[]> => {
  const body = await inTime(ask(urlOf(asked)));
  return body ? [{ key: keyOf(asked), body, ...(asked.isPaged && { isPaged: asked.isPaged }) }] : [];
};

type FirstAnswersProps = { asked: (userId: string) => readonly Asked[]; children: ReactNode };

/**
 * Gives a page what it would ask first, so that it is drawn here as its reader will see it, before any script has come. Whatever can't be
 * told here the page asks for by itself.
 */
export const FirstAnswers = async ({ asked, children }: FirstAnswersProps) => {
  const reader = await readReader();
  if (!reader) return children;
  const { ask, session } = reader;
  // Amounts are never shown in another writing than the reader's, not for a moment either.
  const showsAmounts = isWrittenAlike(await readerLocale());
  const wanted = asked(session.userId).filter(
    ({ needs, hasAmounts }) => (!needs || mayDo(session.user, needs)) && (!hasAmounts || showsAmounts),
  );
  const answers = await Promise.all(wanted.map((one) => answered(one, ask)));
  return <Given answers={[{ key: QUERY.session, body: session }, ...answers.flat()]}>{children}</Given>;
};
