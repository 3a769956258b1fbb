'use client';

import { FieldChanges } from '@/components/policies/field-changes';
import { JsonDiff } from '@/components/policies/json-diff';
import { PolicyWords } from '@/components/policies/policy-words';
import { ruleWords } from '@/components/roles/rule-words';
import { Copyable } from '@/components/ui/copyable';
import { Disclosure } from '@/components/ui/disclosure';
import { FactsList, fact } from '@/components/ui/facts-list';
import { FactsSkeleton } from '@/components/ui/skeleton';
import { definitionChanges } from '@/lib/client/definition-changes';
import { useOrganisation } from '@/lib/client/organisation';
import { usePermission } from '@/lib/client/permissions';
import { usePolicy } from '@/lib/client/policies';
import type {
  ChangeRequest,
  PermissionChange,
  PolicyChange,
  RoleRulesChange,
  SettingsChange,
} from '@/lib/client/shapes';
import { certificateFingerprint } from '@/lib/client/signer-certificates';
import { definitionOf } from '@/lib/verifying/versions';
import { useNameOf } from './use-names-of';

const PolicyDiff = ({ change }: { change: PolicyChange }) => {
  const { data: current, isPending } = usePolicy(change.entityId);
  if (isPending) return <FactsSkeleton />;
  if (!current) return <PolicyWords definition={definitionOf(change.body)} />;
  if (change.body.status === 'Archived')
    return (
      <div className="space-y-2">
        <p>From then on this policy asks for nothing. Archiving can’t be undone.</p>
        <PolicyWords definition={definitionOf(current)} />
      </div>
    );
  return (
    <div className="space-y-3">
      <FieldChanges changes={definitionChanges(definitionOf(current), definitionOf(change.body))} />
      <Disclosure title="The policy as it would be">
        <PolicyWords definition={definitionOf(change.body)} />
      </Disclosure>
      <Disclosure title="Both definitions as JSON">
        <JsonDiff before={definitionOf(current)} after={definitionOf(change.body)} />
      </Disclosure>
    </div>
  );
};

const PermissionDiff = ({ change }: { change: PermissionChange }) => {
  const { data: current, isPending } = usePermission(change.entityId);
  const pick = ({
    name,
    operations,
    isArchived,
  }: {
    name: string;
    operations: readonly string[];
    isArchived: boolean;
  }) => ({ name, operations, isArchived });
  if (isPending) return <FactsSkeleton />;
  if (!current) return <JsonDiff before={{}} after={pick(change.body)} />;
  return <JsonDiff before={pick(current)} after={pick(change.body)} />;
};

const SettingsDiff = ({ change }: { change: SettingsChange }) => {
  const { data: current, isPending } = useOrganisation();
  if (isPending) return <FactsSkeleton />;
  return (
    <JsonDiff
      before={current ? { strict: current.strict, origins: current.origins, sessions: current.sessions } : {}}
      after={change.body}
    />
  );
};

const RulesDiff = ({ change }: { change: RoleRulesChange }) => {
  const { data: current, isPending } = usePermission(change.entityId);
  if (isPending) return <FactsSkeleton />;
  return (
    <FactsList
      rows={[
        fact('Role', current?.name ?? change.entityId),
        ...(current ? [fact('Before', ruleWords(current.rules))] : []),
        fact('After', ruleWords(change.body)),
      ]}
    />
  );
};

/** What a change request changes, before and after. */
export const ChangeFacts = ({ change }: { change: ChangeRequest }) => {
  const nameOf = useNameOf();
  switch (change.kind) {
    case 'Policy':
      return <PolicyDiff change={change} />;
    case 'Permission':
      return <PermissionDiff change={change} />;
    case 'RoleRules':
      return <RulesDiff change={change} />;
    case 'Assignment':
      return (
        <FactsList
          rows={[
            fact('Role', nameOf(change.body.permissionId)),
            fact('Person', nameOf(change.body.identityId)),
            fact('Identity', <Copyable value={change.body.identityId} label="id" />),
            fact('Before', change.operationKind === 'Create' ? 'does not hold the role' : 'holds the role'),
            fact('After', change.operationKind === 'Create' ? 'holds the role' : 'does not hold the role'),
          ]}
        />
      );
    case 'Enrolment':
      return (
        <FactsList
          rows={[
            fact('Before', 'a registration code is enough; a compromised server could impersonate people it invites'),
            fact('After', 'a new person’s key counts once somebody who may assign roles vouches for it'),
            fact('Kept', 'every key that counts when this is applied goes on counting'),
            fact('Back', 'never'),
          ]}
        />
      );
    case 'Settings':
      return <SettingsDiff change={change} />;
    case 'NodeCertificate':
      return (
        <FactsList
          rows={[
            fact('Signer', change.entityId),
            fact('Fingerprint now', certificateFingerprint(change.body.replaced)),
            fact('New fingerprint', certificateFingerprint(change.body.certificate)),
            fact('Region', change.body.certificate.region),
            fact('Version', change.body.certificate.specVersion ?? 'not named'),
            fact(
              'Its shares',
              change.body.kind === 'Replacement'
                ? 'lost: keys made before go on with the other signers'
                : 'kept: the signer has its store',
            ),
          ]}
        />
      );
    case 'WalletTags':
      return (
        <FactsList
          rows={[
            fact('Wallet', nameOf(change.body.walletId)),
            fact('Wallet id', <Copyable value={change.body.walletId} label="id" />),
            fact('Tags taken away', change.body.remove.join(', ')),
            fact('After', 'policies that go by these tags no longer apply to the wallet'),
          ]}
        />
      );
    case 'Freeze':
      return (
        <p>
          From then on {change.body.walletId ? 'the wallet' : 'every wallet'} can be used again under the policies in
          force.
        </p>
      );
  }
};
