'use client';

import { ChevronRight } from 'lucide-react';
import { Collapsible } from 'radix-ui';
import type { ReactNode } from 'react';

/** Something folded away until asked for. */
export const Disclosure = ({
  title,
  children,
  defaultOpen,
}: {
  title: ReactNode;
  children: ReactNode;
  defaultOpen?: boolean;
}) => (
  <Collapsible.Root defaultOpen={defaultOpen ?? false}>
    <Collapsible.Trigger className="group flex min-h-8 w-full items-center gap-1.5 text-left text-muted text-sm hover:text-ink">
      <ChevronRight aria-hidden className="size-4 shrink-0 transition-transform group-data-[state=open]:rotate-90" />
      {title}
    </Collapsible.Trigger>
    <Collapsible.Content className="pt-2">{children}</Collapsible.Content>
  </Collapsible.Root>
);
