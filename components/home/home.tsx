'use client';

import { ChainAlarms } from '@/components/audit/chain-alarms';
import { EnrolmentWarning } from '@/components/frame/enrolment-warning';
import { PageHeader } from '@/components/ui/page-header';
import { useMay } from '@/lib/client/session';
import { ActivitySection } from './activity-section';
import { Balances } from './balances';
import { EnvironmentBadge } from './environment-badge';
import { FirstSteps } from './first-steps';
import { HealthSection } from './health-section';
import { WaitingForYou, WaitingOnOthers } from './waiting';

/** What is asked of the reader, what waits on others, what happened, what there is, and whether all of it can work. */
export const Home = () => {
  const mayApprovals = useMay('Policies:Approvals:Read');
  const mayWallets = useMay('Wallets:Read');
  return (
    <div className="thin-scroll h-full overflow-y-auto">
      <PageHeader title="Home" actions={<EnvironmentBadge />} />
      <div className="grid max-w-7xl gap-4 p-4 sm:p-6 xl:grid-cols-[minmax(0,1fr)_360px]">
        <div className="min-w-0 space-y-4">
          <ChainAlarms />
          <EnrolmentWarning />
          {mayApprovals && <WaitingForYou />}
          <FirstSteps />
          {mayApprovals && <WaitingOnOthers />}
          <ActivitySection />
        </div>
        <div className="min-w-0 space-y-4">
          {mayWallets && <Balances />}
          <HealthSection />
        </div>
      </div>
    </div>
  );
};
