import { expect, test } from 'vitest';
import { keyFingerprint } from '@/lib/authentication/key-fingerprint';
import { softwareKey } from '@/lib/authentication/testing/software-credentials';
import { PERMISSION_OPERATIONS } from '@/lib/contract/permission-operations';
import { FULL_ADMIN_NAME } from '@/lib/ledger/full-admin';
import { settingsVersion } from '@/lib/ledger/org-settings';
import { permissionVersion } from '@/lib/ledger/version';
import { callOf } from './call';
import { dueContext } from './due-context';

const KEY = softwareKey('P-256').publicKey;
const due = async (credentialUuid: string, fingerprints?: readonly string[]) => {
  const call = callOf('auth.activateCredential', { body: { credentialUuid } });
  if (!call) throw new Error('The call is not noted.');
  const items = [{ credentialUuid: 'cr-1', publicKey: KEY }];
  return dueContext({
    call,
    known: { orgId: 'or-1', genesis: 'aa' },
    offered: { publicKey: 'another key' },
    read: async (operationId) => (operationId === 'auth.listCredentials' ? { items } : {}),
    ...(fingerprints && { fingerprints }),
  });
};

test('the activation of a credential names the key whose fingerprint its owner expects, whatever the server offers', async () => {
  const expected = keyFingerprint(KEY);
  const activated = { ok: true, context: { publicKey: KEY }, open: [] };
  expect(await due('cr-1', [expected])).toEqual(activated);
  expect(await due('cr-1', ['SHA256:other', ` ${expected}= `])).toEqual(activated);
  expect(await due('cr-2', [expected])).toEqual({ ok: true, context: {}, open: [] });
});

test('a key in the owner’s list that nobody has compared with the device it lies on is not activated', async () => {
  const own = keyFingerprint(softwareKey('P-256').publicKey);
  for (const fingerprints of [undefined, [], [own], ['']])
    expect(await due('cr-1', fingerprints)).toMatchObject({
      ok: false,
      differences: [{ what: 'fingerprint of the key', asked: keyFingerprint(KEY) }],
    });
});

const dueOf = (operationId: string, params: { readonly [name: string]: string }, body: object, answer: object) => {
  const call = callOf(operationId, { ...params, body });
  if (!call) throw new Error('The call is not noted.');
  return dueContext({ call, known: { orgId: 'or-1', genesis: 'aa' }, offered: {}, read: async () => answer });
};

test('rules of a role replace the role as it is shown, the managed one too, which shows more than it holds', async () => {
  const body = { hardwareBoundOnly: true, reauthenticateMinutes: null };
  const role = { id: 'pm-1', name: 'role', operations: ['Wallets:Read'], isArchived: false, isImmutable: false };
  const params = { permissionId: 'pm-1' };
  const shown = await dueOf('x.setRoleRules', params, body, { ...role, rules: body });
  expect(shown).toMatchObject({ context: { replaces: permissionVersion({ ...role, rules: body }) } });
  const managed = { ...role, name: FULL_ADMIN_NAME, operations: PERMISSION_OPERATIONS, isImmutable: true };
  expect(await dueOf('x.setRoleRules', params, body, managed)).toMatchObject({
    context: { replaces: permissionVersion({ name: FULL_ADMIN_NAME, operations: ['*'], isArchived: false }) },
  });
});

test('settings replace those that the organisation shows', async () => {
  const settings = {
    strict: true,
    origins: ['https://wallets.test'],
    sessions: { lifeMinutes: 60, idleMinutes: null },
  };
  const due = await dueOf('x.changeSettings', {}, settings, { id: 'or-1', name: 'Acme', ...settings });
  expect(due).toMatchObject({ context: { replaces: settingsVersion(settings) } });
});
