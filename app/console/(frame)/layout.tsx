import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { Frame } from '@/components/frame/frame';
import { DrawnAt } from '@/components/ui/time';
import { askedByFrame } from '@/lib/client/first-asked';
import { RAIL_COOKIE, SLIM } from '@/lib/client/rail-width';
import { FirstAnswers } from './first-answers';
import { readerLocale } from './reader-locale';

const FrameLayout = async ({ children }: { children: ReactNode }) => {
  const isRailSlim = (await cookies()).get(RAIL_COOKIE)?.value === SLIM;
  return (
    <DrawnAt drawn={{ at: Date.now(), locale: await readerLocale() }}>
      <FirstAnswers asked={askedByFrame}>
        <Frame isRailSlim={isRailSlim}>{children}</Frame>
      </FirstAnswers>
    </DrawnAt>
  );
};

export default FrameLayout;
