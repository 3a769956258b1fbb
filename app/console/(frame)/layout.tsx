import type { ReactNode } from 'react';
import { Frame } from '@/components/frame/frame';
import { askedByFrame } from '@/lib/client/first-asked';
import { AskEarly } from './ask-early';

const FrameLayout = ({ children }: { children: ReactNode }) => (
  <>
    <AskEarly urlsFor={askedByFrame} />
    <Frame>{children}</Frame>
  </>
);

export default FrameLayout;
