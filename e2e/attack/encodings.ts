import { hashBody } from '@/lib/authentication/statement';
import { canonicalBytes, type Json } from '@/lib/domain/canonical-json';
import { utf8ToBytes } from '@/lib/domain/hash';
import type { Placed } from '@/lib/ledger/testing/requests';
import { MALLORY } from '@/lib/ledger/testing/signing';
import { attack, group } from './attack';
import { LOOT, type Opened } from './scenes';

const SIGNED_UNSEEN = 'the administrator’s signature over these very bytes';

/** A request whose bytes the administrator signed, as a client would that lets somebody else write them. */
const signedBytes = (
  { world, request }: Pick<Opened<'payment'>, 'world' | 'request'>,
  text: string | Uint8Array,
): Placed => {
  const body = typeof text === 'string' ? utf8ToBytes(text) : text;
  const { leaf } = request(world.admin, LOOT, { statement: { bodyHash: hashBody(body) } });
  return { leaf: { ...leaf, bodyHash: hashBody(body) }, body };
};
const ambiguous = (name: string, text: string | Uint8Array) =>
  attack('payment', name, SIGNED_UNSEEN, (opened) =>
    opened.take(opened.enter(signedBytes(opened, text)), { body: LOOT }),
  );

const BODY = JSON.stringify(LOOT);
const HONEST_FIRST = `{"kind":"Native","to":"0x00000000000000000000000000000000000000bb","amount":"5",`;

export const ENCODINGS = group('encodings', [
  ambiguous('a duplicate recipient', `${HONEST_FIRST}"to":"${MALLORY}"}`),
  ambiguous('a duplicate amount, its name escaped', `${HONEST_FIRST}"\\u0061mount":"1000000000000000000"}`),
  ambiguous('a byte-order mark', new Uint8Array([0xef, 0xbb, 0xbf, ...utf8ToBytes(BODY)])),
  ambiguous('text behind the document', `${BODY}{}`),
  ambiguous('a comment', `${BODY}/* */`),
  ambiguous('a lone surrogate', BODY.replace('}', ',"externalId":"\\ud800"}')),
  ambiguous('bytes that are not UTF-8', new Uint8Array([...utf8ToBytes(BODY.slice(0, -1)), 0xff, 0x7d])),
  ambiguous('an unknown member', BODY.replace('}', ',"approved":true}')),
  ambiguous('a prototype', BODY.replace('}', ',"__proto__":{"amount":"5"}}')),
  ambiguous('an amount in hexadecimal', BODY.replace('"1000000000000000000"', '"0xde0b6b3a7640000"')),
  ambiguous('an amount in exponents', BODY.replace('"1000000000000000000"', '"1e18"')),
  ambiguous('an amount as a number', BODY.replace('"1000000000000000000"', '1000000000000000000')),
  ambiguous('an amount above 2^256', BODY.replace('"1000000000000000000"', `"${2n ** 256n}"`)),
  ambiguous('an address with a wrong checksum', BODY.replace(MALLORY, '0x70997970c51812dc3A010C7d01b50e0d17dc79C8')),
  ambiguous('a document nested too deeply', BODY.replace('}', `,"x":${'['.repeat(200)}${']'.repeat(200)}}`)),
  attack('payment', 'an entry that is not canonical JSON', 'nothing more', async ({ scene, world, request, take }) => {
    const placed = request(world.admin, LOOT);
    const [item] = scene.branch(world.items.length, [placed]);
    const spaced = utf8ToBytes(` ${new TextDecoder().decode(item?.bytes)}`);
    for (const node of [1, 2, 3]) await scene.show(node, world.items.length, [{ bytes: spaced, body: placed.body }]);
    return take(String(placed.leaf.effects.activityId), { body: LOOT });
  }),
  attack(
    'payment',
    'a member in the statement that nobody checks',
    'a signed request of the administrator',
    ({ world, request, enter, take }) =>
      take(enter(request(world.admin, LOOT, { statement: { note: 'x' } as never })), { body: LOOT }),
  ),
  attack(
    'payment',
    'an entry of a version to come',
    'a signed request of the administrator',
    ({ world, request, enter, take }) => {
      const placed = request(world.admin, LOOT);
      return take(enter({ ...placed, leaf: { ...placed.leaf, v: 2 } as never }), { body: LOOT });
    },
  ),
  attack(
    'payment',
    'an id that was used before',
    'a signed request of the administrator',
    async ({ world, request, enter, pay, take, id }) => {
      await pay(id);
      enter(request(world.admin, LOOT, { effects: { activityId: id, approvalId: world.id('approval') } }));
      return take(id, { body: LOOT, choice: { nonce: 1 } });
    },
  ),
  attack('reserved', 'a bundle whose root is spelt in capitals', 'nothing more', ({ id, head, demand }) => {
    const extra = { ...head, root: head.root.toUpperCase() };
    return demand(id, extra);
  }),
  attack('payment', 'a body of another entry beside this one', 'nothing more', ({ world, request, enter, take }) => {
    const placed = request(world.admin);
    return take(enter({ ...placed, body: canonicalBytes(LOOT as Json) }), { body: LOOT });
  }),
]);
