'use client';

import { KeyRound } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { networkWords } from '@/components/activities/network-name';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Button } from '@/components/ui/button';
import { Drawer } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { Select } from '@/components/ui/select';
import { toast } from '@/components/ui/toast';
import { useCredentials } from '@/lib/client/credentials';
import { useOrganisation, useSigners } from '@/lib/client/organisation';
import { useCreateWallet } from '@/lib/client/wallets';
import { isEnabled, NETWORKS } from '@/lib/contract/networks';
import { tag } from '@/lib/contract/wallets';

const splitTags = (text: string): readonly string[] => [...new Set(text.split(/[\s,]+/).filter(Boolean))];

/** A new wallet with a new key; needs every signer and, for people, a second passkey. */
export const CreateWallet = ({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) => {
  const router = useRouter();
  const organisation = useOrganisation().data;
  const signers = useSigners().data;
  const passkeys = useCredentials().data?.items.filter((one) => one.isActive && one.kind === 'Fido2');
  const create = useCreateWallet();
  const [name, setName] = useState('');
  const [network, setNetwork] = useState('EthereumSepolia');
  const [tagText, setTagText] = useState('');
  const [tried, setTried] = useState(false);
  const networks = NETWORKS.filter((one) => isEnabled(one, organisation?.mainnet ? 'experimental' : 'refused'));
  const tags = splitTags(tagText);
  const badTag = tags.find((one) => !tag.safeParse(one).success);
  const away = signers?.items.filter((node) => !node.connected) ?? [];
  const hasOne = passkeys?.length === 1;
  // Organisations made by command get a warning instead: their first administrator may be a program.
  const needsSecond = hasOne && organisation?.enrolment === 'vouched';
  const isKnown = passkeys !== undefined && organisation !== undefined;

  const submit = () => {
    setTried(true);
    if (needsSecond || !isKnown || !name.trim() || badTag || tags.length > 10) return;
    create.mutate(
      { body: { network, name: name.trim(), ...(tags.length > 0 && { tags }) } },
      {
        onSuccess: (answer) => {
          toast.done(`Created ${name.trim()}`, 'Its key exists only as shares at the signers.');
          setName('');
          setTagText('');
          setTried(false);
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
          <Button look="primary" busy={create.isPending} disabled={needsSecond || !isKnown} onClick={submit}>
            <KeyRound aria-hidden />
            {create.isPending ? 'Creating, a few seconds' : 'Create with passkey'}
          </Button>
        </>
      }
    >
      <div className="space-y-4">
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
        <Field
          label="Name"
          error={tried && !name.trim() ? 'Give it a name people will recognise in an approval.' : undefined}
        >
          <Input
            value={name}
            maxLength={100}
            autoFocus
            placeholder="Treasury"
            onChange={(event) => setName(event.target.value)}
            onKeyDown={(event) => event.key === 'Enter' && submit()}
          />
        </Field>
        <Field label="Network">
          <Select
            value={network}
            onChange={setNetwork}
            options={networks.map((one) => ({
              value: one.name,
              label: networkWords(one.name),
              ...(one.family === 'KeyOnly' && { note: 'signs only' }),
            }))}
          />
        </Field>
        <Field
          label="Tags"
          optional
          hint="Separated by spaces. Policies can be limited to wallets with a tag."
          error={
            badTag
              ? `“${badTag}” may hold letters, digits and _ . : / + - only.`
              : tags.length > 10
                ? 'At most 10 tags.'
                : undefined
          }
        >
          <Input value={tagText} placeholder="treasury eu" onChange={(event) => setTagText(event.target.value)} />
        </Field>
        <SigningProblem error={create.error} />
      </div>
    </Drawer>
  );
};
