import type { Assertion } from '@/lib/authentication/statement';
import { attack, group, NOTHING } from './attack';
import { LOOT, stranger } from './scenes';

const PHISHED = 'a page that Cat used her passkey on';

/** Her passkey signed, on a page or with an authenticator state that must not count. */
const asserted = (name: string, changes: object, holds = PHISHED) =>
  attack('passkey', name, holds, ({ asked, enter, take }) => take(enter(asked(changes)), { body: LOOT }));

/** What the browser returned, altered on the way. */
const altered = (name: string, alter: (assertion: Assertion & { kind: 'Fido2' }) => Assertion) =>
  attack('passkey', name, 'a signed request of Cat', ({ request, cat, key, enter, take }) => {
    const assertion = (challenge: string) => alter(key().assert(challenge) as Assertion & { kind: 'Fido2' });
    return take(enter(request(cat, LOOT, { assertion })), { body: LOOT });
  });

export const ORIGINS = group('origins', [
  asserted('another origin', { origin: 'https://wallets.example' }),
  asserted('a sub-domain', { origin: 'https://evil.wallets.test' }),
  asserted('another port', { origin: 'https://wallets.test:8443' }),
  asserted('plain http', { origin: 'http://wallets.test' }),
  asserted('another relying party', { rpId: 'wallets.example' }),
  asserted('a frame of another origin', { clientData: { crossOrigin: true } }),
  asserted('a registration instead of an assertion', { clientData: { type: 'webauthn.create' } }),
  asserted('no user verification', { flags: 0x01 }, 'her authenticator, without her finger'),
  asserted('no user presence', { flags: 0x04 }, 'her authenticator, without her hand'),
  attack('passkey', 'a counter that went back', 'a copy of her authenticator', async ({ asked, enter, pay, take }) => {
    await pay(enter(asked({ counter: 9 })));
    return take(enter(asked({ counter: 8 })), { body: LOOT, choice: { nonce: 1 } });
  }),
  attack(
    'passkey',
    'a counter that stood still',
    'a copy of her authenticator',
    async ({ asked, enter, pay, take }) => {
      await pay(enter(asked({ counter: 9 })));
      return take(enter(asked({ counter: 9 })), { body: LOOT, choice: { nonce: 1 } });
    },
  ),
  altered('authenticator data cut short', (assertion) => ({
    ...assertion,
    authenticatorData: Buffer.from(assertion.authenticatorData, 'base64url').subarray(0, 36).toString('base64url'),
  })),
  altered('the flag of user verification set afterwards', (assertion) => {
    const data = Buffer.from(assertion.authenticatorData, 'base64url');
    data[32] = (data[32] ?? 0) | 0x10;
    return { ...assertion, authenticatorData: data.toString('base64url') };
  }),
  altered('a passkey’s assertion passed off as a key’s', ({ authenticatorData: _data, ...assertion }) => ({
    ...assertion,
    kind: 'Key',
  })),
  attack('passkey', 'a stranger’s key under the id of her passkey', NOTHING, ({ request, cat, key, enter, take }) => {
    const thief = stranger();
    const assertion = (challenge: string) => ({ ...thief.assert(challenge), credId: key().credId });
    return take(enter(request(cat, LOOT, { assertion })), { body: LOOT });
  }),
]);
