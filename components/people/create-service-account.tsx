'use client';

import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code-block';
import { Drawer } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input, Textarea } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { Select } from '@/components/ui/select';
import { pemFingerprint } from '@/lib/client/fingerprint';
import { useCreateServiceAccount } from '@/lib/client/people';
import { usePermissions } from '@/lib/client/permissions';
import { useMay } from '@/lib/client/session';

const NONE = 'none';
const MAKE_KEY = 'openssl ecparam -genkey -name prime256v1 -noout -out service.key\nopenssl ec -in service.key -pubout';

/** A machine's identity: its key is made where it runs, only the public half comes here. */
export const CreateServiceAccount = ({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) => {
  const create = useCreateServiceAccount();
  const mayAssign = useMay('Permissions:Assign');
  const roles = usePermissions({ enabled: useMay('Permissions:Read') }).table.rows.filter((role) => !role.isArchived);
  const [name, setName] = useState('');
  const [publicKey, setPublicKey] = useState('');
  const [permissionId, setPermissionId] = useState(NONE);
  const [days, setDays] = useState('365');
  const [tried, setTried] = useState(false);
  const pem = publicKey.trim();
  const fingerprint = pemFingerprint(pem);
  const daysValid = Number(days);
  const isDays = Number.isInteger(daysValid) && daysValid >= 1 && daysValid <= 730;
  const made = create.data?.kind === 'done' ? create.data.result : null;
  const token = made?.accessTokens[0]?.accessToken;
  const submit = () => {
    setTried(true);
    if (!name.trim() || !fingerprint || !isDays) return;
    const body = { name: name.trim(), publicKey: pem, daysValid, ...(permissionId !== NONE && { permissionId }) };
    create.mutate({ body, context: { publicKey: pem } });
  };
  const close = (next: boolean) => {
    onOpenChange(next);
    if (next || !made) return;
    create.reset();
    setName('');
    setPublicKey('');
    setTried(false);
  };
  return (
    <Drawer
      open={open}
      onOpenChange={close}
      title={made ? `Created ${made.userInfo.name}` : 'Create service account'}
      description={made ? 'Copy the token now: it is shown only this once.' : 'For machines that use the API.'}
      footer={
        made ? (
          <Button look="primary" onClick={() => close(false)}>
            I have the token
          </Button>
        ) : (
          <>
            <Button onClick={() => close(false)}>Close</Button>
            <Button look="primary" busy={create.isPending} onClick={submit}>
              <KeyRound aria-hidden />
              Create with passkey
            </Button>
          </>
        )
      }
    >
      {made ? (
        <div className="space-y-3">
          {token && <CodeBlock text={token} label="access token" />}
          <p className="text-muted">
            The token names the account; each request that changes something is signed with its private key as well.
          </p>
        </div>
      ) : (
        <div className="space-y-4">
          <Field label="Name" error={tried && !name.trim() ? 'Give it the name of what will use it.' : undefined}>
            <Input
              value={name}
              maxLength={100}
              placeholder="payouts"
              onChange={(event) => setName(event.target.value)}
            />
          </Field>
          <Field
            label="Public key"
            hint={
              fingerprint ? (
                <span className="break-all font-mono">{fingerprint}</span>
              ) : (
                'PEM, made on the machine that will use it. The private key never leaves it.'
              )
            }
            error={tried && !fingerprint ? 'Paste a public key in PEM, from -----BEGIN PUBLIC KEY----- on.' : undefined}
          >
            <Textarea mono rows={5} value={publicKey} onChange={(event) => setPublicKey(event.target.value)} />
          </Field>
          <CodeBlock text={MAKE_KEY} label="commands" />
          {mayAssign && (
            <Field label="Role" hint="Without one it may do nothing. Giving roles may itself need approval.">
              <Select
                value={permissionId}
                onChange={setPermissionId}
                options={[
                  { value: NONE, label: 'None yet' },
                  ...roles.map((role) => ({ value: role.id, label: role.name })),
                ]}
              />
            </Field>
          )}
          <Field label="Valid for days" error={tried && !isDays ? 'From 1 to 730 days.' : undefined}>
            <Input
              inputMode="numeric"
              value={days}
              onChange={(event) => setDays(event.target.value.replace(/\D/g, ''))}
            />
          </Field>
          <Notice title="A service account can approve only where a policy lists it and allows service accounts." />
          <SigningProblem error={create.error} />
        </div>
      )}
    </Drawer>
  );
};
