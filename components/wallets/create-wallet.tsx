'use client';

import { KeyRound } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { z } from 'zod';
import { networkWords } from '@/components/activities/network-name';
import { FormProblem } from '@/components/frame/form-problem';
import { Button } from '@/components/ui/button';
import { Drawer } from '@/components/ui/dialog';
import { Form, FormField, useZodForm } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { Select } from '@/components/ui/select';
import { toast } from '@/components/ui/toast';
import { useCredentials } from '@/lib/client/credentials';
import { useOrganisation, useSigners } from '@/lib/client/organisation';
import { readWords, typed } from '@/lib/client/typed';
import { useCreateWallet } from '@/lib/client/wallets';
import { isEnabled, NETWORKS } from '@/lib/contract/networks';
import { createWalletBody, tag } from '@/lib/contract/wallets';

const { name, network, tags } = createWalletBody.shape;

/** What is wrong with one of the tags, or with all of them together. */
const tagProblem = (words: Iterable<string>): string => {
  const bad = [...words].find((word) => !tag.safeParse(word).success);
  return bad === undefined ? 'At most 10 tags.' : `“${bad}” may hold letters, digits and _ . : / + - only.`;
};

const walletForm = z.object({
  name: typed(name.unwrap(), 'Give it a name people will recognise in an approval.'),
  network,
  tags: typed(tags.unwrap(), tagProblem, readWords),
});

/** A new wallet with a new key; needs every signer and, for people, a second passkey. */
export const CreateWallet = ({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) => {
  const router = useRouter();
  const organisation = useOrganisation().data;
  const signers = useSigners().data;
  const passkeys = useCredentials().data?.items.filter((one) => one.isActive && one.kind === 'Fido2');
  const create = useCreateWallet();
  const form = useZodForm(walletForm, { name: '', network: 'EthereumSepolia', tags: '' });
  const networks = NETWORKS.filter((one) => isEnabled(one, organisation?.mainnet ? 'experimental' : 'refused'));
  const away = signers?.items.filter((node) => !node.connected) ?? [];
  const hasOne = passkeys?.length === 1;
  // Organisations made by command get a warning instead: their first administrator may be a program.
  const needsSecond = hasOne && organisation?.enrolment === 'vouched';
  const isKnown = passkeys !== undefined && organisation !== undefined;

  const submit = ({ tags, ...rest }: z.output<typeof walletForm>) => {
    create.mutate(
      { body: { ...rest, ...(tags.length > 0 && { tags }) } },
      {
        onSuccess: (answer) => {
          toast.done(`Created ${rest.name}`, 'Its key exists only as shares at the signers.');
          form.reset();
          if (answer.kind === 'done') router.replace(`/console/wallets/${answer.result.id}`);
        },
      },
    );
  };
  return (
    <Drawer
      open={open}
      onOpenChange={(next) => {
        create.reset();
        onOpenChange(next);
      }}
      title="Create wallet"
      description="The signers make its key together; no machine ever holds the whole of it."
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Close</Button>
          <Button
            type="submit"
            form={form.id}
            look="primary"
            busy={create.isPending}
            disabled={needsSecond || !isKnown}
          >
            <KeyRound aria-hidden />
            {create.isPending ? 'Creating, a few seconds' : 'Create with passkey'}
          </Button>
        </>
      }
    >
      <Form form={form} className="space-y-4" onSubmit={submit}>
        {hasOne && (
          <Notice
            tone="pending"
            title={needsSecond ? 'Add a second passkey first' : 'You have only one passkey'}
            action={
              <Button size="sm" onClick={() => router.push('/console/settings?passkey=1')}>
                Add passkey
              </Button>
            }
          >
            With only one, losing that device would lock you out of what this wallet holds.
          </Notice>
        )}
        {away.length > 0 && (
          <Notice tone="pending" title={`Signer ${away.map((node) => node.node).join(', ')} is not connected`}>
            New keys need every signer. Creating will be refused until all are back.
          </Notice>
        )}
        <FormField form={form} name="name" label="Name">
          {(control) => <Input {...control} maxLength={100} autoFocus placeholder="Treasury" />}
        </FormField>
        <FormField form={form} name="network" label="Network">
          {(control) => (
            <Select
              {...control}
              options={networks.map((one) => ({
                value: one.name,
                label: networkWords(one.name),
                ...(one.family === 'KeyOnly' && { note: 'signs only' }),
              }))}
            />
          )}
        </FormField>
        <FormField
          form={form}
          name="tags"
          label="Tags"
          optional
          hint="Separated by spaces. Policies can be limited to wallets with a tag."
        >
          {(control) => <Input {...control} placeholder="treasury eu" />}
        </FormField>
        <FormProblem form={form} error={create.error} />
      </Form>
    </Drawer>
  );
};
