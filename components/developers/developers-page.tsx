'use client';

import { PageHeader } from '@/components/ui/page-header';
import { useUrlState } from '@/components/ui/url-state';
import { ViewTabs } from '@/components/ui/view-tabs';
import { ApiReference } from './api-reference';
import { RequestLog } from './request-log';
import { Snippets } from './snippets';

const TABS = [
  { value: 'reference', label: 'API reference' },
  { value: 'requests', label: 'Request log' },
  { value: 'sdk', label: 'SDK' },
] as const;
type Tab = (typeof TABS)[number]['value'];

/** What a program can do here, what programs did, and how to begin. */
export const DevelopersPage = () => {
  const [value, setValue] = useUrlState('tab', 'reference');
  const tab: Tab = TABS.find((one) => one.value === value)?.value ?? 'reference';
  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHeader title="Developers" />
      <ViewTabs label="Developers" tabs={TABS} value={tab} onChange={setValue} panelId="developers" />
      <div
        id="developers"
        role="tabpanel"
        aria-label={TABS.find((one) => one.value === tab)?.label}
        className="flex min-h-0 flex-1 flex-col"
      >
        {tab === 'reference' && <ApiReference />}
        {tab === 'requests' && <RequestLog />}
        {tab === 'sdk' && <Snippets />}
      </div>
    </div>
  );
};
