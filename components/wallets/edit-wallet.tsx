'use client';

import { KeyRound, Plus, X } from 'lucide-react';
import { useState } from 'react';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { toast } from '@/components/ui/toast';
import { useMay } from '@/lib/client/session';
import type { Wallet } from '@/lib/client/shapes';
import { useTagWallet, useUntagWallet, useUpdateWallet } from '@/lib/client/wallets';
import { tag } from '@/lib/contract/wallets';

/** Name and tags; each change is signed on its own, because each is its own entry in the ledger. */
export const EditWallet = ({
  wallet,
  open,
  onOpenChange,
}: {
  wallet: Wallet;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) => {
  const [name, setName] = useState(wallet.name ?? '');
  const [newTag, setNewTag] = useState('');
  const update = useUpdateWallet();
  const addTag = useTagWallet();
  const removeTag = useUntagWallet();
  const mayName = useMay('Wallets:Update');
  const mayTag = useMay('Wallets:Tags:Add');
  const mayUntag = useMay('Wallets:Tags:Delete');
  const params = { walletId: wallet.id };
  const isTag = tag.safeParse(newTag).success;
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={`Edit ${wallet.name ?? 'wallet'}`}>
      <div className="space-y-5">
        {mayName && (
          <form
            className="flex items-end gap-2"
            onSubmit={(event) => {
              event.preventDefault();
              update.mutate(
                { params, body: { name: name.trim() || null } },
                { onSuccess: () => toast.done('Renamed') },
              );
            }}
          >
            <div className="flex-1">
              <Field label="Name">
                <Input value={name} maxLength={100} onChange={(event) => setName(event.target.value)} />
              </Field>
            </div>
            <Button type="submit" busy={update.isPending} disabled={name.trim() === (wallet.name ?? '')}>
              <KeyRound aria-hidden />
              Rename
            </Button>
          </form>
        )}
        <div className="space-y-2">
          <p className="font-medium">Tags</p>
          <ul className="flex flex-wrap gap-1.5">
            {wallet.tags.length === 0 && <li className="text-muted">None.</li>}
            {wallet.tags.map((one) => (
              <li key={one} className="inline-flex h-6 items-center gap-1 rounded-sm bg-sunken pl-2 text-xs">
                {one}
                {mayUntag && (
                  <Button
                    look="quiet"
                    size="icon"
                    className="size-6"
                    aria-label={`Remove tag ${one} with passkey`}
                    busy={removeTag.isPending}
                    onClick={() =>
                      removeTag.mutate(
                        { params, body: { tags: [one] } },
                        { onSuccess: () => toast.done(`Removed tag ${one}`) },
                      )
                    }
                  >
                    <X aria-hidden />
                  </Button>
                )}
              </li>
            ))}
          </ul>
          {mayTag && (
            <form
              className="flex items-end gap-2"
              onSubmit={(event) => {
                event.preventDefault();
                addTag.mutate(
                  { params, body: { tags: [newTag] } },
                  {
                    onSuccess: () => {
                      toast.done(`Added tag ${newTag}`);
                      setNewTag('');
                    },
                  },
                );
              }}
            >
              <div className="flex-1">
                <Field
                  label="New tag"
                  hint="Policies may be limited to wallets with a tag."
                  error={newTag && !isTag ? 'Letters, digits and _ . : / + - only.' : undefined}
                >
                  <Input value={newTag} onChange={(event) => setNewTag(event.target.value)} />
                </Field>
              </div>
              <Button type="submit" className="mb-5" busy={addTag.isPending} disabled={!isTag}>
                <Plus aria-hidden />
                Add
              </Button>
            </form>
          )}
        </div>
        <SigningProblem error={update.error ?? addTag.error ?? removeTag.error} />
      </div>
    </Dialog>
  );
};
