import { sha256, utf8ToBytes } from '@/lib/domain/hash';
import { MALLORY } from '@/lib/ledger/testing/signing';
import { attack, group, NOTHING } from './attack';
import { ONE_UNIT, type PriceForgery } from './scenes';

/** One unit is worth 3000 dollars and needs an approval. With the price as it is said here it would be worth less than 100. */
const cheaper = (name: string, holds: string, forgery: PriceForgery | ((now: number) => PriceForgery)) =>
  attack('price', name, holds, ({ world, priced, take }) => {
    const body = { kind: 'Native', to: MALLORY, amount: ONE_UNIT };
    return take(priced(ONE_UNIT, typeof forgery === 'function' ? forgery(world.now()) : forgery), { body });
  });

export const PRICES = group('prices', [
  attack('price', 'a genuine price above the limit', NOTHING, ({ priced, take }) => take(priced(ONE_UNIT))),
  attack('price', 'no price at all', NOTHING, ({ world, request, enter, take }) => {
    const body = { kind: 'Native', to: MALLORY, amount: ONE_UNIT };
    return take(enter(request(world.admin, body)));
  }),
  cheaper('a price signed by another key', 'a key of the attacker’s own', {
    usd: '1',
    secretKey: sha256(utf8ToBytes('not the oracle')),
  }),
  cheaper('a price changed after it was signed', NOTHING, { after: { usd: '1' } }),
  cheaper('decimals changed after they were signed', NOTHING, { after: { decimals: 24 } }),
  cheaper('a price without a signature', NOTHING, { usd: '1', after: { signature: '' } }),
  cheaper('a price of another asset', 'a genuine price of that asset', {
    usd: '1',
    asset: '0x00000000000000000000000000000000000000cc',
  }),
  cheaper('a price of another asset, passed off as this one', 'a genuine price of that asset', {
    usd: '1',
    asset: '0x00000000000000000000000000000000000000cc',
    after: { asset: 'native' },
  }),
  cheaper('a price of another network', 'a genuine price there', { usd: '1', network: 'Polygon' }),
  cheaper('a stale price', 'a genuine old price', (now) => ({ usd: '1', at: now - 301_000 })),
  cheaper('a stale price with a new date', 'a genuine old price', (now) => ({
    usd: '1',
    at: now - 301_000,
    after: { at: now },
  })),
  cheaper('a price from the future', 'a price signed for later', (now) => ({ usd: '1', at: now + 31_000 })),
  cheaper('a price that is no number', NOTHING, { usd: '-1' }),
]);
