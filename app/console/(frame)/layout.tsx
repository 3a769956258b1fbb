import type { ReactNode } from 'react';
import { Frame } from '@/components/frame/frame';

const FrameLayout = ({ children }: { children: ReactNode }) => <Frame>{children}</Frame>;

export default FrameLayout;
