'use client';

import { KeyRound, Plus } from 'lucide-react';
import { z } from 'zod';
import { FormProblem } from '@/components/frame/form-problem';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Form, FormField, useZodForm } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { toast } from '@/components/ui/toast';
import { useMay } from '@/lib/client/session';
import type { Wallet } from '@/lib/client/shapes';
import { typed } from '@/lib/client/typed';
import { useTagWallet, useUpdateWallet } from '@/lib/client/wallets';
import { tag, updateWalletBody } from '@/lib/contract/wallets';
import { TagChips } from './tag-chips';

const nameForm = z.object({
  name: typed(updateWalletBody.shape.name.unwrap(), 'A name has at most 100 characters.', (text) => text || null),
});
const tagForm = z.object({ tags: typed(tag, 'Letters, digits and _ . : / + - only.') });

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
  const naming = useZodForm(nameForm, { name: wallet.name ?? '' });
  const tagging = useZodForm(tagForm, { tags: '' });
  const update = useUpdateWallet();
  const addTag = useTagWallet();
  const mayName = useMay('Wallets:Update');
  const mayTag = useMay('Wallets:Tags:Add');
  const params = { walletId: wallet.id };
  const isRenamed = naming.watch('name').trim() !== (wallet.name ?? '');
  const isTagged = tagging.watch('tags').trim() !== '';
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={`Edit ${wallet.name ?? 'wallet'}`}>
      <div className="space-y-5">
        {mayName && (
          <Form
            form={naming}
            className="flex items-end gap-2"
            onSubmit={(body) =>
              update.mutate(
                { params, body },
                {
                  onSuccess: () => {
                    toast.done('Renamed');
                    naming.reset({ name: body.name ?? '' });
                  },
                },
              )
            }
          >
            <div className="flex-1">
              <FormField form={naming} name="name" label="Name">
                {(control) => <Input {...control} maxLength={100} />}
              </FormField>
            </div>
            <Button type="submit" busy={update.isPending} disabled={!isRenamed}>
              <KeyRound aria-hidden />
              Rename
            </Button>
          </Form>
        )}
        <FormProblem form={naming} error={update.error} />
        <div className="space-y-2">
          <p className="font-medium">Tags</p>
          <TagChips wallet={wallet} />
          {mayTag && (
            <Form
              form={tagging}
              className="flex items-end gap-2"
              onSubmit={({ tags }) =>
                addTag.mutate(
                  { params, body: { tags: [tags] } },
                  {
                    onSuccess: () => {
                      toast.done(`Added tag ${tags}`);
                      tagging.reset();
                    },
                  },
                )
              }
            >
              <div className="flex-1">
                <FormField
                  form={tagging}
                  name="tags"
                  label="New tag"
                  hint="Policies may be limited to wallets with a tag."
                >
                  {(control) => <Input {...control} />}
                </FormField>
              </div>
              <Button type="submit" className="mb-5" busy={addTag.isPending} disabled={!isTagged}>
                <Plus aria-hidden />
                Add
              </Button>
            </Form>
          )}
        </div>
        <FormProblem form={tagging} error={addTag.error} />
      </div>
    </Dialog>
  );
};
