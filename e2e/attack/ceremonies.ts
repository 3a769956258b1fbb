import { attack, group, NOTHING } from './attack';
import type { Ask } from './ceremony';
import { LOOT } from './scenes';

/** A ceremony over the honest bytes whose start is forged, so that another digest would be signed. */
const begun = (name: string, begin: (loot: string) => NonNullable<Ask['begin']>) =>
  attack('reserved', name, 'acceptances of the nodes', ({ id, head, demand, digest, bytesOf }) => {
    const loot = digest(bytesOf(LOOT));
    const more = { digest: loot, digests: [digest(bytesOf(HONEST_BODY))], begin: begin(loot) };
    return demand(id, head, {}, { ...more, participants: [1, 2, 3] });
  });
const HONEST_BODY = { ...LOOT, to: '0x00000000000000000000000000000000000000bb', amount: '5' };

export const CEREMONIES = group('ceremonies', [
  begun('acceptances of one request for another', () => ({ bundleHash, accepts }) => ({
    bundleHash: `${bundleHash.slice(0, -2)}${bundleHash.endsWith('00') ? '01' : '00'}`,
    accepts,
  })),
  begun('acceptances with another digest', (loot) => ({ bundleHash, accepts }) => ({
    bundleHash,
    accepts: accepts.map(({ accept, signature }) => ({ signature, accept: { ...accept, digest: loot } })),
  })),
  begun('one acceptance for everybody', () => ({ bundleHash, accepts }) => ({
    bundleHash,
    accepts: accepts.map(() => accepts[0] as (typeof accepts)[number]),
  })),
  begun('acceptances of too few', () => ({ bundleHash, accepts }) => ({ bundleHash, accepts: accepts.slice(0, 2) })),
  attack('reserved', 'fewer participants than k', NOTHING, ({ id, head, demand }) =>
    demand(id, head, {}, { participants: [1, 2] }),
  ),
  attack('reserved', 'one participant twice', NOTHING, ({ id, head, demand }) =>
    demand(id, head, {}, { participants: [1, 2, 2] }),
  ),
  attack('reserved', 'a participant who is no node', NOTHING, ({ id, head, demand }) =>
    demand(id, head, {}, { participants: [1, 2, 7] }),
  ),
  attack(
    'reserved',
    'messages of a ceremony altered on the way',
    'the relay',
    async ({ scene, id, head, demand, digest, bytesOf }) => {
      const { stage } = scene;
      const loot = digest(bytesOf(LOOT));
      stage.setTap((bytes) => {
        const changed = bytes.slice();
        changed[200] = (changed[200] ?? 0) ^ 1;
        return [changed];
      });
      try {
        return await demand(
          id,
          head,
          {},
          { digest: loot, digests: [digest(bytesOf(HONEST_BODY))], participants: [1, 2, 3], patienceMs: 1_500 },
        );
      } finally {
        stage.setTap(null);
      }
    },
  ),
]);
