'use client';

import { Tooltip as Base } from 'radix-ui';
import type { ReactNode } from 'react';

type Side = 'top' | 'right' | 'bottom' | 'left';

/** What a tooltip says, beside what it is about. */
export const TooltipBubble = ({ children, side }: { children: ReactNode; side?: Side | undefined }) => (
  <Base.Portal>
    <Base.Content
      side={side ?? 'top'}
      sideOffset={6}
      collisionPadding={8}
      className="z-[60] max-w-[min(420px,90vw)] break-words rounded-md bg-ink px-2 py-1 text-canvas text-xs shadow-lg"
    >
      {children}
    </Base.Content>
  </Base.Portal>
);

export const Tooltip = ({ content, children, side }: { content: ReactNode; children: ReactNode; side?: Side }) => (
  <Base.Root>
    <Base.Trigger asChild>{children}</Base.Trigger>
    <TooltipBubble side={side}>{content}</TooltipBubble>
  </Base.Root>
);
