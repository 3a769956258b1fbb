'use client';

import { CircleAlert, CircleCheck, CircleHelp, Snowflake } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { signerHealth } from '@/components/signers/signer-health';
import type { Tone } from '@/components/ui/badge';
import { Section } from '@/components/ui/section';
import { useHealth } from '@/lib/client/health';
import { useOrganisation, useSigners } from '@/lib/client/organisation';
import { useNetworkHealth } from './use-network-health';

const ICON = {
  good: { icon: CircleCheck, colour: 'text-good' },
  pending: { icon: CircleAlert, colour: 'text-pending' },
  bad: { icon: CircleAlert, colour: 'text-bad' },
  frozen: { icon: Snowflake, colour: 'text-frozen' },
  neutral: { icon: CircleHelp, colour: 'text-faint' },
} as const;

const Line = ({ tone, name, href, children }: { tone: Tone; name: string; href?: string; children: ReactNode }) => {
  const { icon: Icon, colour } = ICON[tone];
  return (
    <li className="flex items-start gap-2.5 px-4 py-2">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${colour}`} strokeWidth={1.75} />
      <div className="min-w-0">
        <p className="font-medium">
          {href ? (
            <Link href={href} prefetch={false} className="hover:underline">
              {name}
            </Link>
          ) : (
            name
          )}
        </p>
        <p className="text-muted text-xs">{children}</p>
      </div>
    </li>
  );
};

const frozenWords = (count: number): string => (count === 1 ? 'One frozen wallet' : `${count} frozen wallets`);

/** Whether what is approved can be signed and sent: signers, networks, background work, freeze. */
export const HealthSection = () => {
  const signers = signerHealth(useSigners().data ?? null);
  const organisation = useOrganisation().data;
  const { data: health, error } = useHealth();
  const networks = useNetworkHealth();
  const jobs = health?.jobs;
  return (
    <Section title="Health" flush>
      <ul className="divide-y">
        {organisation?.frozen && (
          <Line tone="frozen" name="The organisation is frozen">
            Nothing is signed until it is unfrozen. Use the button at the bottom of the navigation.
          </Line>
        )}
        {organisation && !organisation.frozen && organisation.frozenWalletIds.length > 0 && (
          <Line tone="frozen" name={frozenWords(organisation.frozenWalletIds.length)} href="/console/wallets">
            Nothing leaves {organisation.frozenWalletIds.length === 1 ? 'it until it is' : 'them until they are'}{' '}
            unfrozen.
          </Line>
        )}
        <Line tone={signers.tone} name={signers.word} href="/console/signers">
          {signers.sentence}
        </Line>
        {networks.map((network) => (
          <Line key={network.name} tone={network.tone} name={network.name}>
            {network.sentence}
          </Line>
        ))}
        <Line
          tone={
            error || health?.sequencer === 'not running'
              ? 'bad'
              : !jobs
                ? 'neutral'
                : jobs.late + jobs.failing > 0
                  ? 'pending'
                  : 'good'
          }
          name="Background work"
        >
          {error
            ? 'The server does not say how it is.'
            : !jobs
              ? 'Asking …'
              : health.sequencer === 'not running'
                ? 'The sequencer does not run: what is requested is kept and goes on once it is back. Tell your operator.'
                : jobs.late + jobs.failing > 0
                  ? `${jobs.late} late, ${jobs.failing} tried again and again. Tell your operator if it stays so.`
                  : jobs.waiting > 0
                    ? `${jobs.waiting} in hand, none late.`
                    : 'Nothing is late.'}
        </Line>
      </ul>
    </Section>
  );
};
