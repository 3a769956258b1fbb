'use client';

import { CodeBlock } from '@/components/ui/code-block';
import { Field } from '@/components/ui/field';
import { Input, Textarea } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { pemFingerprint } from '@/lib/client/fingerprint';
import { usePermissions } from '@/lib/client/permissions';
import { useMay } from '@/lib/client/session';

const NONE = 'none';
const MAKE_KEY = 'openssl ecparam -genkey -name prime256v1 -noout -out service.key\nopenssl ec -in service.key -pubout';

/** What somebody types to make a token: its name, key, role and life. */
export type TokenDraft = {
  readonly name: string;
  readonly publicKey: string;
  readonly permissionId: string;
  readonly days: string;
};

export const EMPTY_DRAFT: TokenDraft = { name: '', publicKey: '', permissionId: NONE, days: '365' };

const isDays = (days: string): boolean => /^\d{1,3}$/.test(days) && Number(days) >= 1 && Number(days) <= 730;

/** The request's body, or null while something is missing. */
export const tokenBodyOf = ({ name, publicKey, permissionId, days }: TokenDraft) =>
  name.trim() && pemFingerprint(publicKey.trim()) && isDays(days)
    ? {
        name: name.trim(),
        publicKey: publicKey.trim(),
        daysValid: Number(days),
        ...(permissionId !== NONE && { permissionId }),
      }
    : null;

/** Fields of a token whose key is made where it is used; only the public half comes here. */
export const TokenFields = ({
  draft,
  onChange,
  tried,
  placeholder,
}: {
  draft: TokenDraft;
  onChange: (draft: TokenDraft) => void;
  /** Somebody has tried to send it: say what is missing. */
  tried: boolean;
  placeholder: string;
}) => {
  const mayAssign = useMay('Permissions:Assign');
  const roles = usePermissions({ enabled: useMay('Permissions:Read') }).table.rows.filter((role) => !role.isArchived);
  const fingerprint = pemFingerprint(draft.publicKey.trim());
  const set = (part: Partial<TokenDraft>) => onChange({ ...draft, ...part });
  return (
    <>
      <Field label="Name" error={tried && !draft.name.trim() ? 'Give it the name of what will use it.' : undefined}>
        <Input
          value={draft.name}
          maxLength={100}
          placeholder={placeholder}
          onChange={(event) => set({ name: event.target.value })}
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
        <Textarea mono rows={5} value={draft.publicKey} onChange={(event) => set({ publicKey: event.target.value })} />
      </Field>
      <CodeBlock text={MAKE_KEY} label="commands" />
      {mayAssign && (
        <Field label="Role" hint="Without one it may do nothing. Giving roles may itself need approval.">
          <Select
            value={draft.permissionId}
            onChange={(permissionId) => set({ permissionId })}
            options={[
              { value: NONE, label: 'None yet' },
              ...roles.map((role) => ({ value: role.id, label: role.name })),
            ]}
          />
        </Field>
      )}
      <Field label="Valid for days" error={tried && !isDays(draft.days) ? 'From 1 to 730 days.' : undefined}>
        <Input
          inputMode="numeric"
          value={draft.days}
          onChange={(event) => set({ days: event.target.value.replace(/\D/g, '') })}
        />
      </Field>
    </>
  );
};
