import { getServerSession } from 'next-auth';
import type { ReactNode } from 'react';
import { preload } from 'react-dom';
import { Frame } from '@/components/frame/frame';
import { firstAsked } from '@/lib/client/first-asked';
import { signedIn } from '@/lib/client/signed-in';
import { webProcess } from '@/lib/compose/web-process';
import { authOptions } from '@/lib/http/session';

const FrameLayout = async ({ children }: { children: ReactNode }) => {
  // A hint and nothing more: the page asks by itself whatever comes of this.
  const session = await getServerSession(authOptions(webProcess().services)).catch(() => null);
  const found = signedIn(session);
  // These answers are on their way before the scripts are that read them.
  for (const url of found ? firstAsked(found.userId) : []) preload(url, { as: 'fetch', crossOrigin: 'anonymous' });
  return <Frame>{children}</Frame>;
};

export default FrameLayout;
