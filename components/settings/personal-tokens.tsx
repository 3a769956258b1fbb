'use client';

import { KeyRound, Plus } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { StatusBadge } from '@/components/activities/status-badge';
import { Problem } from '@/components/frame/problem';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Button } from '@/components/ui/button';
import { Copyable } from '@/components/ui/copyable';
import { Dialog } from '@/components/ui/dialog';
import { onDemand } from '@/components/ui/on-demand';
import { Section } from '@/components/ui/section';
import { Skeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { toast } from '@/components/ui/toast';
import { useUrlFlag } from '@/components/ui/url-state';
import type { AccessToken } from '@/lib/client/shapes';
import {
  useActivatePersonalToken,
  useArchivePersonalToken,
  useDeactivatePersonalToken,
  usePersonalTokens,
} from '@/lib/client/tokens';

const CreatePersonalToken = onDemand(
  dynamic(() => import('./create-personal-token').then((module) => module.CreatePersonalToken), { ssr: false }),
);

type Act = 'Deactivate' | 'Activate' | 'Remove';

const WORDS: Readonly<Record<Act, string>> = {
  Deactivate: 'It opens nothing from the next request on. What it asked for and is not signed yet is not signed.',
  Activate: 'It opens again what its roles and yours both allow.',
  Remove: 'It is gone for good, with its roles. What it asked for and is not signed yet is not signed.',
};

const TokenDialog = ({ token, act, onClose }: { token: AccessToken; act: Act; onClose: () => void }) => {
  const mutations = {
    Deactivate: useDeactivatePersonalToken(),
    Activate: useActivatePersonalToken(),
    Remove: useArchivePersonalToken(),
  };
  const mutation = mutations[act];
  const submit = () =>
    mutation.mutate(
      { params: { tokenId: token.tokenId } },
      {
        onSuccess: () => {
          toast.done(`${act}d “${token.name}”`);
          onClose();
        },
      },
    );
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`${act} “${token.name}”?`}
      footer={
        <>
          <Button onClick={onClose}>Leave it</Button>
          <Button look={act === 'Activate' ? 'primary' : 'danger'} busy={mutation.isPending} onClick={submit}>
            <KeyRound aria-hidden />
            {act} with passkey
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        <p>{WORDS[act]}</p>
        <SigningProblem error={mutation.error} />
      </div>
    </Dialog>
  );
};

/** Tokens with which a person's own programs act, never beyond their owner. */
export const PersonalTokens = () => {
  const { data, error, refetch } = usePersonalTokens();
  const [creating, setCreating] = useUrlFlag('token');
  const [asked, setAsked] = useState<{ token: AccessToken; act: Act } | null>(null);
  return (
    <Section
      title="Personal access tokens"
      flush
      aside={
        <Button size="sm" onClick={() => setCreating(true)}>
          <Plus aria-hidden />
          Create token
        </Button>
      }
    >
      {error && !data ? (
        <Problem error={error} what="your tokens" onRetry={() => void refetch()} />
      ) : !data ? (
        <div className="p-4">
          <Skeleton className="h-4 w-64" />
        </div>
      ) : data.items.length === 0 ? (
        <p className="p-4 text-muted">None. A token lets a program of yours act within your own roles.</p>
      ) : (
        <ul className="divide-y">
          {data.items.map((token) => (
            <li key={token.tokenId} className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">
              <span className="font-medium">{token.name}</span>
              <Copyable value={token.tokenId} label="token id" />
              <span className="text-muted text-xs">
                {token.permissionAssignments.map((held) => held.permissionName).join(', ') || 'no role: may do nothing'}
              </span>
              <span className="ml-auto flex items-center gap-2">
                <Time at={token.dateCreated} className="text-faint text-xs" />
                <StatusBadge status={token.isActive ? 'Active' : 'Inactive'} />
                <Button
                  size="sm"
                  look="quiet"
                  onClick={() => setAsked({ token, act: token.isActive ? 'Deactivate' : 'Activate' })}
                >
                  {token.isActive ? 'Deactivate' : 'Activate'}
                  <span className="sr-only">{token.name}</span>
                </Button>
                <Button size="sm" look="quiet" onClick={() => setAsked({ token, act: 'Remove' })}>
                  Remove
                  <span className="sr-only">{token.name}</span>
                </Button>
              </span>
            </li>
          ))}
        </ul>
      )}
      <CreatePersonalToken open={creating} onOpenChange={setCreating} />
      {asked && <TokenDialog token={asked.token} act={asked.act} onClose={() => setAsked(null)} />}
    </Section>
  );
};
