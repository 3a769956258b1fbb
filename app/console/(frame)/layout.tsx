import { cookies, headers } from 'next/headers';
import type { ReactNode } from 'react';
import { Frame } from '@/components/frame/frame';
import { DrawnAt } from '@/components/ui/time';
import { askedByFrame } from '@/lib/client/first-asked';
import { RAIL_COOKIE, SLIM } from '@/lib/client/rail-width';
import { FirstAnswers } from './first-answers';

/** The language a browser asks for first, or English, in which the console speaks. */
const localeOf = (accepted: string | null): string => {
  const [first] = (accepted ?? '').split(/[,;]/);
  try {
    return Intl.getCanonicalLocales(first?.trim())[0] ?? 'en';
  } catch {
    return 'en';
  }
};

const FrameLayout = async ({ children }: { children: ReactNode }) => {
  const isRailSlim = (await cookies()).get(RAIL_COOKIE)?.value === SLIM;
  const locale = localeOf((await headers()).get('accept-language'));
  return (
    <DrawnAt drawn={{ at: Date.now(), locale }}>
      <FirstAnswers asked={askedByFrame}>
        <Frame isRailSlim={isRailSlim}>{children}</Frame>
      </FirstAnswers>
    </DrawnAt>
  );
};

export default FrameLayout;
