'use client';

import { networkWords } from '@/components/activities/network-name';
import { Badge } from '@/components/ui/badge';
import { Disclosure } from '@/components/ui/disclosure';
import { Section } from '@/components/ui/section';
import { useOrganisation } from '@/lib/client/organisation';
import { NETWORKS, type Network } from '@/lib/contract/networks';

const List = ({ networks, isOn }: { networks: readonly Network[]; isOn: boolean }) => (
  <ul className="divide-y">
    {networks.map((network) => (
      <li key={network.name} className="flex min-h-9 flex-wrap items-center gap-x-3 py-1">
        <span className="min-w-40 font-medium">{networkWords(network.name)}</span>
        <span className="text-muted text-xs">
          {network.native ? `${network.native.symbol}, chain ${network.chainId}` : 'signs only, sends nothing'}
        </span>
        <span className="ml-auto">{isOn ? <Badge tone="good">served</Badge> : <Badge>off</Badge>}</span>
      </li>
    ))}
  </ul>
);

/** Which networks wallets can be made on, and why the others not. */
export const Networks = () => {
  const organisation = useOrganisation().data;
  if (!organisation) return null;
  const built = NETWORKS.filter((network) => network.enabled);
  const served = built.filter((network) => !network.mainnet || organisation.mainnet);
  const off = built.filter((network) => !served.includes(network));
  return (
    <Section title="Networks">
      <List networks={served} isOn />
      {off.length > 0 && (
        <div className="mt-2 border-t pt-2">
          <p className="mb-1 text-muted">
            Mainnets are off: nobody outside has reviewed the signing code. The operator can switch them on with{' '}
            <code className="text-xs">MAINNET=experimental</code>.
          </p>
          <Disclosure title={`${off.length} mainnets that are off`}>
            <List networks={off} isOn={false} />
          </Disclosure>
        </div>
      )}
    </Section>
  );
};
