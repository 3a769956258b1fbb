'use client';

import { CircleCheck, CircleDashed } from 'lucide-react';
import Link from 'next/link';
import { Section } from '@/components/ui/section';
import { useCredentials } from '@/lib/client/credentials';
import { usePeople } from '@/lib/client/people';
import { usePolicies } from '@/lib/client/policies';
import { useMay } from '@/lib/client/session';
import { useWallets } from '@/lib/client/wallets';

/** What a new organisation still lacks before it is safe to put money in; gone once all is done. */
export const FirstSteps = () => {
  const isAdmin = useMay('Policies:Create');
  const passkeys = useCredentials();
  const people = usePeople({ enabled: isAdmin });
  const policies = usePolicies('Active', { enabled: isAdmin });
  const wallets = useWallets({ enabled: isAdmin });
  if (!isAdmin || !passkeys.data || !people.query.data || !policies.query.data || !wallets.query.data) return null;
  const isGoverned = policies.table.rows.some((policy) => policy.activityKind === 'Policies:Modify');
  const steps = [
    {
      done: passkeys.data.items.filter((one) => one.isActive).length > 1,
      href: '/console/settings?passkey=1',
      label: 'Add a second passkey',
      why: 'Losing the only one locks you out.',
    },
    {
      done: people.table.rows.length > 1,
      href: '/console/people?new=1',
      label: 'Invite another person',
      why: 'One person alone should not move money.',
    },
    {
      done: policies.table.rows.some((policy) => policy.activityKind === 'Wallets:Sign'),
      href: '/console/policies/new?start=limit',
      label: 'Limit what can be sent without asking',
      why: 'Until then anybody with Wallets:Sign sends freely.',
    },
    {
      done: isGoverned,
      href: '/console/policies/new?start=governance',
      label: 'Let others agree to changes of policies',
      why: 'Until then one person can lift every limit.',
    },
    {
      done: wallets.table.rows.length > 0,
      href: '/console/wallets?new=1',
      label: 'Create a wallet',
      why: 'Its key is made by all signers together.',
    },
  ];
  if (steps.every((step) => step.done)) return null;
  return (
    <Section
      title="Before money comes in"
      flush
      aside={
        <span className="tabular text-muted text-xs">
          {steps.filter((step) => step.done).length} of {steps.length}
        </span>
      }
    >
      <ul className="divide-y">
        {steps.map((step) => (
          <li key={step.href}>
            <Link
              href={step.href}
              prefetch={false}
              className="flex min-h-10 items-center gap-3 px-4 py-1.5 hover:bg-hover"
            >
              {step.done ? (
                <CircleCheck aria-label="done" className="size-4 shrink-0 text-good" />
              ) : (
                <CircleDashed aria-label="to do" className="size-4 shrink-0 text-faint" />
              )}
              <span className={step.done ? 'text-faint line-through' : 'font-medium'}>{step.label}</span>
              {!step.done && <span className="ml-auto hidden text-muted text-xs sm:inline">{step.why}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
};
