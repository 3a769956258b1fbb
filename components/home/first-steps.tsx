'use client';

import { CircleCheck, CircleDashed } from 'lucide-react';
import Link from 'next/link';
import { Section } from '@/components/ui/section';
import { useActivities } from '@/lib/client/activities';
import { useCredentials } from '@/lib/client/credentials';
import { usePeople } from '@/lib/client/people';
import { usePolicies } from '@/lib/client/policies';
import { useMay } from '@/lib/client/session';
import { useWallets } from '@/lib/client/wallets';
import { FULL_ADMIN } from '@/lib/contract/permission-operations';

const ADMIN_NAMES: readonly string[] = [FULL_ADMIN.name, ...FULL_ADMIN.otherNames];

/** What a new organisation still lacks before money should come in; gone once all is done. Each step tells its live state. */
export const FirstSteps = () => {
  const isAdmin = useMay('Policies:Create');
  const passkeys = useCredentials();
  const people = usePeople({ enabled: isAdmin });
  const policies = usePolicies('Active', { enabled: isAdmin });
  const wallets = useWallets({ enabled: isAdmin });
  const sent = useActivities({}, { enabled: isAdmin });
  if (!isAdmin || !passkeys.data || !people.query.data || !policies.query.data || !wallets.query.data) return null;
  const admins = people.table.rows.filter(
    (person) =>
      person.isActive && person.permissionAssignments.some((held) => ADMIN_NAMES.includes(held.permissionName)),
  );
  const registered = admins.filter((person) => person.isRegistered).length;
  const isAsking = policies.table.rows.some((policy) => policy.action.kind === 'RequestApproval');
  const isGoverned = policies.table.rows.some((policy) => policy.activityKind === 'Policies:Modify');
  const hasSent = sent.table.rows.some((activity) => ['Confirmed', 'Signed'].includes(activity.status));
  const wallet = wallets.table.rows[0];
  const steps = [
    {
      done: passkeys.data.items.filter((one) => one.isActive).length > 1,
      href: '/console/settings?passkey=1',
      label: 'Add a second passkey',
      why: 'Losing the only one locks you out.',
    },
    {
      done: registered > 1,
      href: admins.length > 1 ? '/console/people' : '/console/people?new=1',
      label: 'Let a second person be administrator',
      why:
        admins.length > registered
          ? 'Invited; has not registered a passkey yet.'
          : 'Invite them, then give them the role DfnsFullAdminAccess.',
    },
    {
      done: isAsking && isGoverned,
      href: `/console/policies/new?start=${isAsking ? 'governance' : 'approval'}`,
      label: 'Ask for a quorum',
      why: isAsking
        ? 'Sending asks for approval; changing the policies does not yet.'
        : 'Until then anybody with Wallets:Sign sends freely.',
    },
    {
      done: wallet !== undefined,
      href: '/console/wallets?new=1',
      label: 'Create the first wallet',
      why: 'Its key is made by all signers together.',
    },
    {
      done: hasSent,
      href: wallet ? `/console/wallets/${wallet.id}` : '/console/wallets',
      label: 'Make a test transfer',
      why: wallet ? 'Send a little, approve it, and see it confirmed.' : 'Once there is a wallet.',
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
          <li key={step.label}>
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
