'use client';

import { KeyRound, LifeBuoy, Plus } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { StatusBadge } from '@/components/activities/status-badge';
import { Problem } from '@/components/frame/problem';
import { BackupBadge, BackupNote } from '@/components/people/backup-badge';
import { CountsBadge } from '@/components/people/person-keys';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Copyable } from '@/components/ui/copyable';
import { Notice } from '@/components/ui/notice';
import { onDemand } from '@/components/ui/on-demand';
import { Section } from '@/components/ui/section';
import { Skeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { useUrlFlag } from '@/components/ui/url-state';
import { useCredentials } from '@/lib/client/credentials';
import { pemFingerprint } from '@/lib/client/fingerprint';
import { usePersonCredentials } from '@/lib/client/people';
import { useSession } from '@/lib/client/session';
import type { Credential } from '@/lib/client/shapes';
import { ActivateCredential } from './activate-credential';
import { DeactivateCredential } from './deactivate-credential';

const AddPasskey = onDemand(dynamic(() => import('./add-passkey').then((module) => module.AddPasskey), { ssr: false }));
const AddRecoveryCode = onDemand(
  dynamic(() => import('./add-recovery-code').then((module) => module.AddRecoveryCode), { ssr: false }),
);

const KIND_WORDS: Readonly<Record<string, string>> = {
  Fido2: 'Passkey',
  RecoveryKey: 'Recovery code',
  PasswordProtectedKey: 'Key under a password',
};

/** What signs for the person, and the code that replaces all of it. */
export const Passkeys = () => {
  const { data, error, isPending, refetch } = useCredentials();
  const [isAdding, setAdding] = useUrlFlag('passkey');
  const [isMakingCode, setMakingCode] = useUrlFlag('recovery');
  const known = usePersonCredentials(useSession().data?.userId).data?.items;
  const [changing, setChanging] = useState<Credential | null>(null);
  const active = data?.items.filter((one) => one.isActive) ?? [];
  const signing = active.filter((one) => one.kind !== 'RecoveryKey');
  const hasRecovery = active.length > signing.length;
  return (
    <Section
      title="Your passkeys"
      flush
      aside={
        <span className="flex flex-wrap justify-end gap-2 py-1.5">
          <Button size="sm" onClick={() => setMakingCode(true)}>
            <LifeBuoy aria-hidden />
            Make recovery code
          </Button>
          <Button size="sm" onClick={() => setAdding(true)}>
            <Plus aria-hidden />
            Add passkey
          </Button>
        </span>
      }
    >
      {data && signing.length === 1 && (
        <Notice tone="pending" title="You have only one passkey" className="m-3">
          If this device is lost you are locked out{hasRecovery ? ' but for your recovery code' : ''}. Add a second one
          on another device or a security key.
        </Notice>
      )}
      {error && !data ? (
        <Problem error={error} what="your passkeys" onRetry={() => void refetch()} />
      ) : isPending ? (
        <div className="space-y-3 p-4">
          <Skeleton className="h-4 w-64" />
        </div>
      ) : (
        <ul className="divide-y">
          {data?.items.map((one) => {
            const fingerprint = one.publicKey.startsWith('SHA256:') ? one.publicKey : pemFingerprint(one.publicKey);
            const counts = known?.find((key) => key.uuid === one.credentialUuid)?.introduced;
            return (
              <li key={one.credentialUuid} className="space-y-1 px-4 py-3">
                <div className="flex flex-wrap items-center gap-2">
                  <KeyRound aria-hidden className="size-4 text-faint" />
                  <span className="font-medium">{one.name}</span>
                  <Badge>{KIND_WORDS[one.kind] ?? one.kind}</Badge>
                  <BackupBadge backup={one.backup} />
                  {one.isActive && counts !== undefined ? (
                    <CountsBadge introduced={counts} />
                  ) : (
                    <StatusBadge status={one.isActive ? 'Active' : 'Inactive'} />
                  )}
                  <Time at={one.dateCreated} className="ml-auto text-faint text-xs" />
                  <Button size="sm" look="quiet" onClick={() => setChanging(one)}>
                    {one.isActive ? 'Deactivate' : 'Activate'}
                    <span className="sr-only">{one.name}</span>
                  </Button>
                </div>
                <BackupNote backup={one.backup} name={one.name} />
                {fingerprint && (
                  <p className="flex flex-wrap items-center gap-x-2 text-muted text-xs">
                    Fingerprint <Copyable value={fingerprint} label="fingerprint" full />
                  </p>
                )}
              </li>
            );
          })}
        </ul>
      )}
      <AddPasskey open={isAdding} onOpenChange={setAdding} />
      <AddRecoveryCode open={isMakingCode} onOpenChange={setMakingCode} />
      {changing?.isActive && <DeactivateCredential credential={changing} onClose={() => setChanging(null)} />}
      {changing && !changing.isActive && (
        <ActivateCredential
          credential={changing}
          publicKey={known?.find((key) => key.uuid === changing.credentialUuid)?.publicKey ?? changing.publicKey}
          onClose={() => setChanging(null)}
        />
      )}
    </Section>
  );
};
