'use client';

import { Tabs as Base } from 'radix-ui';
import type { ReactNode } from 'react';

export type Tab = {
  readonly value: string;
  readonly label: string;
  readonly count?: number | undefined;
  readonly content: ReactNode;
};

export const Tabs = ({
  tabs,
  value,
  onChange,
}: {
  tabs: readonly Tab[];
  value: string;
  onChange: (value: string) => void;
}) => (
  <Base.Root value={value} onValueChange={onChange}>
    <Base.List className="thin-scroll flex gap-4 overflow-x-auto border-b" aria-label="Sections">
      {tabs.map((tab) => (
        <Base.Trigger
          key={tab.value}
          value={tab.value}
          className="-mb-px flex h-9 items-center gap-1.5 whitespace-nowrap border-transparent border-b-2 text-muted text-sm transition-colors hover:text-ink data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink"
        >
          {tab.label}
          {tab.count !== undefined && (
            <span className="tabular rounded-sm bg-sunken px-1 text-muted text-xs">{tab.count}</span>
          )}
        </Base.Trigger>
      ))}
    </Base.List>
    {tabs.map((tab) => (
      <Base.Content key={tab.value} value={tab.value} className="pt-4">
        {tab.content}
      </Base.Content>
    ))}
  </Base.Root>
);
