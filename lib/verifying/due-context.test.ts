import { expect, test } from 'vitest';
import { callOf } from './call';
import { dueContext } from './due-context';

const due = async (credentialUuid: string) => {
  const call = callOf('auth.activateCredential', { body: { credentialUuid } });
  if (!call) throw new Error('The call is not noted.');
  const items = [{ credentialUuid: 'cr-1', publicKey: 'the key of the phone' }];
  return dueContext({
    call,
    known: { orgId: 'or-1', genesis: 'aa' },
    offered: { publicKey: 'another key' },
    read: async (operationId) => (operationId === 'auth.listCredentials' ? { items } : {}),
  });
};

test('the activation of a credential names the key that its owner’s list shows, whatever the server offers', async () => {
  expect(await due('cr-1')).toEqual({ ok: true, context: { publicKey: 'the key of the phone' }, open: [] });
  expect(await due('cr-2')).toEqual({ ok: true, context: {}, open: [] });
});
