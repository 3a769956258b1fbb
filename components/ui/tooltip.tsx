'use client';

import { Tooltip as Base } from 'radix-ui';
import type { ReactNode } from 'react';

export const Tooltip = ({
  content,
  children,
  side,
}: {
  content: ReactNode;
  children: ReactNode;
  side?: 'top' | 'right' | 'bottom' | 'left';
}) => (
  <Base.Root>
    <Base.Trigger asChild>{children}</Base.Trigger>
    <Base.Portal>
      <Base.Content
        side={side ?? 'top'}
        sideOffset={6}
        collisionPadding={8}
        className="z-[60] max-w-[min(420px,90vw)] break-words rounded-md bg-ink px-2 py-1 text-canvas text-xs shadow-lg"
      >
        {content}
      </Base.Content>
    </Base.Portal>
  </Base.Root>
);
