import { getServerSession } from 'next-auth';
import { cache } from 'react';
import { signedIn } from '@/lib/client/signed-in';
import { webProcess } from '@/lib/compose/web-process';
import { authOptions } from '@/lib/http/session';

const readSession = cache(() => getServerSession(authOptions(webProcess().services)).catch(() => null));

type AskEarlyProps = { urlsFor: (userId: string) => readonly string[] };

/**
 * Puts answers on their way before the scripts are that read them, for somebody who is signed in. A hint in the page's head and nothing
 * more: the page asks by itself whatever comes of this.
 */
export const AskEarly = async ({ urlsFor }: AskEarlyProps) => {
  const found = signedIn(await readSession());
  return found
    ? urlsFor(found.userId).map((url) => <link key={url} rel="preload" as="fetch" crossOrigin="anonymous" href={url} />)
    : null;
};
