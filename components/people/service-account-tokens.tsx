'use client';

import { StatusBadge } from '@/components/activities/status-badge';
import { Copyable } from '@/components/ui/copyable';
import { Section } from '@/components/ui/section';
import { Time } from '@/components/ui/time';
import { useServiceAccounts } from '@/lib/client/people';

/** Tokens of a service account, with the fingerprint of the key each one signs with. */
export const ServiceAccountTokens = ({ userId }: { userId: string }) => {
  const account = useServiceAccounts().data?.items.find((one) => one.userInfo.userId === userId);
  if (!account) return null;
  return (
    <Section title="Access tokens" flush>
      <ul className="divide-y">
        {account.accessTokens.map((token) => (
          <li key={token.tokenId} className="flex min-h-10 flex-wrap items-center gap-3 px-4 py-2">
            <Copyable value={token.tokenId} label="token id" />
            {token.publicKey && <Copyable value={token.publicKey} label="key fingerprint" className="text-muted" />}
            <span className="ml-auto flex items-center gap-3">
              <Time at={token.dateCreated} className="text-faint text-xs" />
              <StatusBadge status={token.isActive ? 'Active' : 'Inactive'} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
};
