'use client';

import { Tabs as Base } from 'radix-ui';

export type ViewTab<V extends string> = { readonly value: V; readonly label: string; readonly count?: string | null };

/** Views of one list, beside each other; the list itself stands elsewhere on the page. */
export const ViewTabs = <V extends string>({
  label,
  tabs,
  value,
  onChange,
  panelId,
}: {
  label: string;
  tabs: readonly ViewTab<V>[];
  value: V;
  onChange: (value: V) => void;
  /** Id of the element that shows the view. */
  panelId: string;
}) => (
  <Base.Root
    value={value}
    onValueChange={(next) => {
      const tab = tabs.find((one) => one.value === next);
      if (tab) onChange(tab.value);
    }}
  >
    <Base.List
      aria-label={label}
      className="thin-scroll flex gap-4 overflow-x-auto overflow-y-hidden border-b px-4 sm:px-6"
    >
      {tabs.map((tab) => (
        <Base.Trigger
          key={tab.value}
          value={tab.value}
          aria-controls={panelId}
          className="-mb-px flex h-9 items-center gap-1.5 whitespace-nowrap border-transparent border-b-2 text-muted text-sm transition-colors hover:text-ink data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink"
        >
          {tab.label}
          {tab.count && <span className="tabular rounded-sm bg-sunken px-1 text-muted text-xs">{tab.count}</span>}
        </Base.Trigger>
      ))}
    </Base.List>
  </Base.Root>
);
