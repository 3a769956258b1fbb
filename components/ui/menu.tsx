'use client';

import type { LucideIcon } from 'lucide-react';
import { DropdownMenu as Base } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './class-names';

export type MenuItem = {
  readonly label: string;
  readonly icon?: LucideIcon;
  readonly onSelect: () => void;
  readonly danger?: boolean;
  readonly disabled?: boolean;
};

export const Menu = ({ trigger, items }: { trigger: ReactNode; items: readonly MenuItem[] }) => (
  <Base.Root modal={false}>
    <Base.Trigger asChild>{trigger}</Base.Trigger>
    <Base.Portal>
      <Base.Content
        align="end"
        sideOffset={4}
        className="z-50 min-w-44 rounded-lg border border-line-strong bg-surface p-1 shadow-lg"
      >
        {items.map((item) => (
          <Base.Item
            key={item.label}
            disabled={item.disabled ?? false}
            onSelect={item.onSelect}
            className={classNames(
              'flex h-8 cursor-default select-none items-center gap-2 rounded-sm px-2 text-sm outline-none data-[disabled]:text-faint data-[highlighted]:bg-hover',
              item.danger && 'text-bad',
            )}
          >
            {item.icon && <item.icon aria-hidden className="size-4" />}
            {item.label}
          </Base.Item>
        ))}
      </Base.Content>
    </Base.Portal>
  </Base.Root>
);
