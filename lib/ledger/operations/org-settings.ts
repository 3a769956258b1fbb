import { parseJson } from '@/lib/contract/json';
import { fromBase64Url } from '@/lib/domain/hash';
import { refused } from '@/lib/domain/refusal';
import { notFound } from '../checks';
import { asJson, governanceLane, type LedgerOperation, makeId, type OperationInput } from '../decision';
import { decideGoverned } from '../governed';
import { isOriginOf, type OrgSettings, settingsOf, settingsVersion } from '../org-settings';
import { all } from '../state';

/** The page on which a passkey signed this request; null for keys, which sign on none. */
const ownOrigin = ({ leaf: { assertion } }: OperationInput): string | null => {
  const bytes = assertion?.kind === 'Fido2' ? fromBase64Url(assertion.clientData) : null;
  const parsed = bytes && parseJson(bytes);
  if (!parsed?.ok || typeof parsed.value !== 'object' || parsed.value === null) return null;
  const { origin } = parsed.value as { readonly origin?: unknown };
  return typeof origin === 'string' ? origin : null;
};

/** Strictness, origins and the limits of sign-ins, all of them at once, governed like a change of a policy (design §4.3). */
export const changeSettings: LedgerOperation = {
  operationId: 'x.changeSettings',
  lane: governanceLane,
  effects: (input) => ({ changeRequestId: makeId('changeRequest', input), approvalId: makeId('approval', input) }),
  decide: (input: OperationInput<OrgSettings>) => {
    const org = all(input.state, 'org')[0];
    if (!org) return notFound('organisation', 'orgId', '');
    const { strict, origins, sessions } = input.body;
    const foreign = origins.find((origin) => !isOriginOf(origin, org.genesis.rpId));
    if (foreign !== undefined)
      return refused(
        400,
        'settings.origin',
        `origins: "${foreign}" is no origin of ${org.genesis.rpId}. Passkeys of this organisation sign there and on names below it, over HTTPS.`,
      );
    const own = ownOrigin(input);
    if (own !== null && !origins.includes(own))
      return refused(
        409,
        'settings.own_origin',
        `origins: ${own}, where you sign this, would be left out, and your passkey could not sign there any more. Change it from an origin that stays.`,
      );
    return decideGoverned(input, {
      activity: { kind: 'Policies:Modify', subject: {} },
      kind: 'Settings',
      operationKind: 'Update',
      entityId: org.id,
      replaces: settingsVersion(settingsOf(org)),
      body: asJson({ strict, origins, sessions }),
      result: { kind: 'org', id: org.id },
    });
  },
};
