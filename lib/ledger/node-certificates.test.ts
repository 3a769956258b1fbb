import { describe, expect, test } from 'vitest';
import type { Json } from '@/lib/domain/canonical-json';
import { abandonHash, checkpointHash } from '@/lib/evidence/checkpoint';
import { genesisHash } from './genesis';
import { certificateHash, certificatesInForce, holdersOf } from './nodes';
import { rootAt } from './replay';
import { all, find } from './state';
import { dealKey, replacement, type TestNode, testNode } from './testing/nodes';
import { ALWAYS, asks } from './testing/people';
import { activityIdOf, createWorld, fate, follow, pictureOf, type World } from './testing/world';

const NEW = testNode(2, 'new');
const replace = (world: World, node: TestNode = NEW, kind: 'Renewal' | 'Replacement' = 'Replacement') =>
  fate(world.act(world.admin, 'x.replaceCertificate', { node: '2' }, replacement(node, kind)));
/** A checkpoint over everything so far, signed by nodes 1 and 3 and, as node 2, by the given one. */
const checkpoint = (world: World, second: TestNode) => {
  const seq = world.items.length - 1;
  const stated = { seq, root: rootAt(world.replica, seq) ?? '', at: world.now() };
  const hash = checkpointHash({ orgId: world.orgId, ...stated });
  const nodeSignatures = [...world.signatures(hash, [1, 3]), { node: 2, signature: second.sign(hash) }];
  return fate(world.append('checkpoint', stated, { at: stated.at, nodeSignatures }));
};
const old = (world: World): TestNode => world.nodes[1] as TestNode;
const keyOf = (world: World, walletId: string) =>
  find(world.state, 'key', find(world.state, 'wallet', walletId)?.keyId ?? '');

describe('a certificate of a node that is replaced', () => {
  test('counts up to its place in the ledger and the new one from there on; the genesis keeps its hash', () => {
    const world = createWorld();
    world.wallet();
    const { genesisHash: before } = all(world.state, 'org')[0] as { genesisHash: string };
    expect(checkpoint(world, old(world))).toBe('applied');
    expect(replace(world)).toBe('applied');
    expect(checkpoint(world, old(world))).toBe('checkpoint.signatures');
    expect(checkpoint(world, NEW)).toBe('applied');
    expect(certificatesInForce(world.state)[1]).toEqual(NEW.certificate);
    expect(find(world.state, 'org', world.orgId)?.genesisHash).toBe(before);
    expect(genesisHash(world.genesis)).toBe(before);
    // The history under the old certificate still verifies from the beginning.
    expect(pictureOf(follow(world))).toEqual(pictureOf(world.replica));
  });
  test('signs no abandon and no key any more', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const id = activityIdOf(world.transfer(walletId));
    world.reserve(id);
    const { keyId = '' } = world.done(world.admin, 'keys.createKey', {}, { scheme: 'ECDSA', curve: 'secp256k1' });
    expect(replace(world)).toBe('applied');
    const hash = abandonHash(world.orgId, id);
    const abandon = (second: TestNode) =>
      fate(
        world.append(
          'abandon',
          { activityId: id },
          { nodeSignatures: [...world.signatures(hash, [1, 3]), { node: 2, signature: second.sign(hash) }] },
        ),
      );
    expect(abandon(old(world))).not.toBe('applied');
    expect(abandon(NEW)).toBe('applied');
    const certify = (second: TestNode) => {
      const nodes = world.nodes.map((node, i) => (i === 1 ? second : node));
      const { certificate } = dealKey(keyId, 3, nodes, 'dealt');
      return fate(world.append('keyCertificate', { keyId, certificate: certificate as unknown as Json }));
    };
    expect(certify(old(world))).toBe('key.certificate');
    expect(certify(NEW)).toBe('applied');
  });
  test('keeps its shares when it is renewed, and holds none of the keys made before when its store is lost', () => {
    const world = createWorld();
    const before = world.wallet();
    const org = () => find(world.state, 'org', world.orgId) as Parameters<typeof holdersOf>[0];
    const holders = (walletId: string) => holdersOf(org(), keyOf(world, walletId) ?? {});
    const renewed = testNode(2, 'renewed');
    expect(replace(world, renewed, 'Renewal')).toBe('applied');
    expect(holders(before)).toEqual([1, 2, 3, 4]);
    expect(replace(world)).toBe('applied');
    expect(holders(before)).toEqual([1, 3, 4]);
    const { keyId = '' } = world.done(world.admin, 'keys.createKey', {}, { scheme: 'ECDSA', curve: 'secp256k1' });
    const nodes = world.nodes.map((node, i) => (i === 1 ? NEW : node));
    const { certificate } = dealKey(keyId, 3, nodes, 'dealt');
    world.append('keyCertificate', { keyId, certificate: certificate as unknown as Json });
    expect(holdersOf(org(), find(world.state, 'key', keyId) ?? {})).toEqual([1, 2, 3, 4]);
  });
  test('is not replaced as lost when keys would be left that fewer than k nodes hold', () => {
    const world = createWorld();
    expect(replace(world)).toBe('applied');
    const third = testNode(3, 'new');
    const lose = (kind: 'Renewal' | 'Replacement') =>
      fate(world.act(world.admin, 'x.replaceCertificate', { node: '3' }, replacement(third, kind)));
    expect(lose('Replacement')).toBe('node.too_few_holders');
    expect(lose('Renewal')).toBe('applied');
    // The same one may be lost again.
    expect(replace(world, testNode(2, 'newer'))).toBe('applied');
  });
});

describe('a server that swaps certificates', () => {
  test('finds none taken without the entry of somebody who may, and none with a proof of another key', () => {
    const world = createWorld();
    const body = replacement(NEW) as { readonly [name: string]: Json };
    const act = (changed: Json, node = '2', signer = world.admin) =>
      fate(world.act(signer, 'x.replaceCertificate', { node }, changed));
    expect(act(body, '2', world.register())).not.toBe('applied');
    expect(act({ ...body, proof: old(world).sign(new Uint8Array(32)) })).toBe('node.proof');
    expect(act({ ...body, certificate: { ...NEW.certificate, agreementKey: 'ab'.repeat(32) } })).toBe('node.proof');
    expect(act(body, '3')).toBe('node.other_number');
    expect(act(replacement(testNode(2, 'world')))).toBe('node.same_certificate');
    const twin = {
      ...NEW,
      certificate: { ...NEW.certificate, signingKey: world.nodes[0]?.certificate.signingKey ?? '' },
    };
    expect(act(replacement({ ...twin, sign: world.nodes[0]?.sign ?? NEW.sign }))).toBe('node.key_in_use');
    expect(certificatesInForce(world.state)).toEqual(world.genesis.nodes);
  });
  test('can’t let a signature for one certificate put another in force, nor the same one twice', () => {
    const world = createWorld();
    const thief = testNode(2, 'thief');
    const replaces = certificateHash(world.genesis.nodes[1] as TestNode['certificate']);
    const request = world.request(world.admin, 'x.replaceCertificate', { node: '2' }, replacement(NEW), {
      swappedBody: replacement(thief),
    });
    expect(world.place(request)).toMatchObject({ kind: 'void' });
    const context = { certificate: certificateHash(NEW.certificate), replaces };
    expect(
      fate(
        world.act(world.admin, 'x.replaceCertificate', { node: '2' }, replacement(thief), { statement: { context } }),
      ),
    ).toBe('ledger.context');
    expect(replace(world)).toBe('applied');
    // The old one can't come back by the same signature, because what it replaces is no longer in force.
    expect(
      fate(
        world.act(world.admin, 'x.replaceCertificate', { node: '2' }, replacement(thief), { statement: { context } }),
      ),
    ).toBe('ledger.context');
  });
  test('can’t use the approval of one replacement for another', () => {
    const world = createWorld();
    const ann = world.approver();
    world.policy(ALWAYS, asks([ann.userId, world.admin.userId]), 'Policies:Modify');
    const ask = (node: TestNode) =>
      world.done(
        world.admin,
        'x.replaceCertificate',
        { node: String(node.certificate.node) },
        replacement(node, 'Renewal'),
      );
    const { approvalId: honest = '' } = ask(NEW);
    const { approvalId: other = '' } = ask(testNode(3, 'thief'));
    const vote = world.request(
      ann,
      'policies.createApprovalDecision',
      { approvalId: honest },
      { value: 'Approved' },
      {},
    );
    const { statement } = vote.leaf;
    if (!statement) throw new Error('No statement.');
    const moved = { ...vote.leaf, statement: { ...statement, path: statement.path.replace(honest, other) } };
    expect(world.place({ ...vote, leaf: moved })).toMatchObject({ kind: 'void' });
    expect(certificatesInForce(world.state)).toEqual(world.genesis.nodes);
    expect(fate(world.vote(ann, honest))).toBe('applied');
    expect(certificatesInForce(world.state)[1]).toEqual(NEW.certificate);
    expect(certificatesInForce(world.state)[2]).toEqual(world.genesis.nodes[2]);
    expect(pictureOf(follow(world))).toEqual(pictureOf(world.replica));
  });
  test('makes one replacement of a node at a time', () => {
    const world = createWorld();
    const ann = world.approver();
    world.policy(ALWAYS, asks([ann.userId, world.admin.userId]), 'Policies:Modify');
    const body = replacement(NEW, 'Renewal');
    const { approvalId = '' } = world.done(world.admin, 'x.replaceCertificate', { node: '2' }, body);
    expect(replace(world, testNode(2, 'second'), 'Renewal')).toBe('change_request.pending');
    expect(fate(world.vote(ann, approvalId))).toBe('applied');
    expect(certificatesInForce(world.state)[1]).toEqual(NEW.certificate);
  });
});
