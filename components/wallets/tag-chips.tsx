'use client';

import { X } from 'lucide-react';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Button } from '@/components/ui/button';
import { toast } from '@/components/ui/toast';
import { useOrganisation } from '@/lib/client/organisation';
import { usePolicies } from '@/lib/client/policies';
import { useMay } from '@/lib/client/session';
import type { Policy, Wallet } from '@/lib/client/shapes';
import { useTagChange, useUntagWallet } from '@/lib/client/wallets';

/** Names of the policies in force that go by the tag. */
const policiesBy = (policies: readonly Policy[], tag: string): readonly string[] =>
  policies
    .filter(({ filters }) => {
      const asked = filters && 'walletTags' in filters ? filters.walletTags : undefined;
      return [...(asked?.hasAny ?? []), ...(asked?.hasAll ?? [])].includes(tag);
    })
    .map(({ name }) => name);

/**
 * The tags of a wallet, each with a way to take it off. Without a tag that policies go by they no longer apply to the wallet: that is told,
 * and in a `strict` organisation it is a change that approvers of policy changes agree to.
 */
export const TagChips = ({ wallet }: { wallet: Wallet }) => {
  const remove = useUntagWallet();
  const ask = useTagChange();
  const mayUntag = useMay('Wallets:Tags:Delete');
  const policies = usePolicies('Active', { enabled: useMay('Policies:Read') }).table.rows;
  const isStrict = useOrganisation().data?.strict ?? false;
  const byTag = wallet.tags.map((tag) => ({ tag, policies: policiesBy(policies, tag) }));
  const take = (tag: string, isGoverned: boolean) => {
    const gone = () => toast.done(`Removed tag ${tag}`);
    if (!isGoverned)
      return remove.mutate({ params: { walletId: wallet.id }, body: { tags: [tag] } }, { onSuccess: gone });
    ask.mutate(
      { body: { walletId: wallet.id, remove: [tag] } },
      {
        onSuccess: (answer) =>
          answer.kind === 'waits'
            ? toast.note('Waiting for approval', 'Policies go by this tag, so taking it away is governed.')
            : gone(),
      },
    );
  };
  return (
    <>
      <ul className="flex flex-wrap gap-1.5">
        {wallet.tags.length === 0 && <li className="text-muted">None.</li>}
        {byTag.map(({ tag, policies: going }) => (
          <li key={tag} className="inline-flex h-6 items-center gap-1 rounded-sm bg-sunken pl-2 text-xs">
            {tag}
            {mayUntag && (
              <Button
                look="quiet"
                size="icon"
                className="size-6"
                aria-label={`Remove tag ${tag} with passkey`}
                busy={remove.isPending || ask.isPending}
                onClick={() => take(tag, isStrict && going.length > 0)}
              >
                <X aria-hidden />
              </Button>
            )}
          </li>
        ))}
      </ul>
      {mayUntag &&
        byTag.map(
          ({ tag, policies: going }) =>
            going.length > 0 && (
              <p key={tag} className="text-muted text-xs">
                Without <b className="font-medium">{tag}</b> {going.map((name) => `“${name}”`).join(', ')}{' '}
                {going.length === 1 ? 'no longer applies' : 'no longer apply'} to this wallet
                {isStrict ? ': taking it away waits for whoever approves changes of policies.' : '.'}
              </p>
            ),
        )}
      <SigningProblem error={remove.error ?? ask.error} />
    </>
  );
};
