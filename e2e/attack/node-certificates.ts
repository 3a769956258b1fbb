import type { Json } from '@/lib/domain/canonical-json';
import { checkpointHash } from '@/lib/evidence/checkpoint';
import { certificateHash } from '@/lib/ledger/nodes';
import { replacement, type TestNode, testNode } from '@/lib/ledger/testing/nodes';
import { ALWAYS, asks } from '@/lib/ledger/testing/people';
import type { Placed, Signer } from '@/lib/ledger/testing/requests';
import { type Attempt, attack, group, NOTHING } from './attack';
import { LOOT, type Opened, stranger } from './scenes';

type Payment = Opened<'payment'>;
const mine = (node: number): TestNode => testNode(node, 'the attacker');
const path = (node: number) => ({ node: String(node) });

/** A replacement of a node by one of the attacker's, as somebody may have signed it. */
const swap = (
  { world }: Payment,
  signer: Signer,
  node: number,
  body: Json = replacement(mine(node), 'Renewal'),
): Placed => world.request(signer, 'x.replaceCertificate', path(node), body);

/** What replaced nodes would be good for: they witness a request of the attacker's, that is then demanded from the real ones. */
const witnessedByMine = async (opened: Payment, by: readonly number[] = [1, 2, 3]): Promise<Attempt> => {
  const { scene, world, request, enter, reserve, demand } = opened;
  const { credId } = world.admin.credential;
  const assertion = (challenge: string) => ({ ...stranger().assert(challenge), credId });
  const id = enter(request(world.admin, LOOT, { assertion }));
  reserve(id, { body: LOOT });
  await scene.feed();
  const head = scene.headNow();
  const hash = checkpointHash({ orgId: scene.orgId, ...head });
  const nodeSignatures = by.map((node) => ({ node, signature: mine(node).sign(hash) }));
  world.append('checkpoint', { ...head }, { at: head.at, nodeSignatures });
  await scene.feed();
  return demand(id, head, { body: LOOT });
};

/** Puts what `make` gives for nodes 1 to 3 into the ledger, and goes on as if it had held. */
const replacing =
  (make: (opened: Payment, node: number) => Placed) =>
  (opened: Payment): Promise<Attempt> => {
    for (const node of [1, 2, 3]) opened.world.place(make(opened, node));
    return witnessedByMine(opened);
  };

const HONEST = testNode(2, 'the administrator’s choice');

/** Nodes put in the place of the real ones, by somebody who may not or by what was signed for something else. */
export const NODE_CERTIFICATES = group('node certificates', [
  attack(
    'payment',
    'nodes replaced by a stranger',
    NOTHING,
    replacing((opened, node) => swap(opened, { userId: opened.world.admin.userId, credential: stranger() }, node)),
  ),
  attack('payment', 'nodes replaced by somebody without the permission', 'the key of a member', (opened) => {
    const member = opened.world.register();
    return replacing((inner, node) => swap(inner, member, node))(opened);
  }),
  attack(
    'payment',
    'nodes replaced with nobody’s signature',
    NOTHING,
    replacing((opened, node) => {
      const { assertion: _assertion, ...leaf } = swap(opened, opened.world.admin, node).leaf;
      return { leaf, body: swap(opened, opened.world.admin, node).body };
    }),
  ),
  attack(
    'payment',
    'another certificate in the body of a signed replacement',
    'a signed replacement of the administrator',
    async (opened) => {
      const { world } = opened;
      world.place(
        world.request(world.admin, 'x.replaceCertificate', path(2), replacement(HONEST, 'Renewal'), {
          swappedBody: replacement(mine(2), 'Renewal'),
        }),
      );
      return witnessedByMine(opened);
    },
  ),
  attack(
    'payment',
    'a replacement signed over the context of another certificate',
    'a signature of the administrator over what a lying server showed',
    async (opened) => {
      const { world, scene } = opened;
      const replaced = scene.stage.nodes.get(2)?.certificate;
      const context = {
        certificate: certificateHash(HONEST.certificate),
        replaces: replaced ? certificateHash(replaced as never) : '',
      };
      world.act(world.admin, 'x.replaceCertificate', path(2), replacement(mine(2), 'Renewal'), {
        statement: { context },
      });
      return witnessedByMine(opened);
    },
  ),
  attack(
    'payment',
    'a replacement by a key nobody has proved to hold',
    'the administrator’s signature',
    async (opened) => {
      const { world } = opened;
      const body = {
        ...(replacement(HONEST, 'Renewal') as { [name: string]: Json }),
        proof: mine(2).sign(new Uint8Array(32)),
      };
      world.act(world.admin, 'x.replaceCertificate', path(2), body);
      return witnessedByMine(opened);
    },
  ),
  attack('payment', 'one node’s key for two nodes', 'the administrator’s signature', async (opened) => {
    const { world, scene } = opened;
    const { signingKey = '' } = (scene.stage.nodes.get(1)?.certificate ?? {}) as { signingKey?: string };
    const twin = { ...mine(2), certificate: { ...mine(2).certificate, signingKey }, sign: scene.stage.identityOf(1) };
    world.act(world.admin, 'x.replaceCertificate', path(2), replacement(twin, 'Renewal'));
    return witnessedByMine(opened);
  }),
  attack('payment', 'a replacement that two must approve and one did', 'the administrator’s key', async (opened) => {
    const { world } = opened;
    const [ann, ben] = [world.approver(), world.approver()];
    world.policy(ALWAYS, asks([ann.userId, ben.userId, world.admin.userId], 2), 'Policies:Modify');
    for (const node of [1, 2, 3]) {
      const { approvalId = '' } = world.done(
        world.admin,
        'x.replaceCertificate',
        path(node),
        replacement(mine(node), 'Renewal'),
      );
      world.vote(ann, approvalId);
      world.vote(ann, approvalId);
    }
    return witnessedByMine(opened);
  }),
  attack(
    'payment',
    'the approval of one replacement moved to another',
    'an honest replacement that waits, and its approvals',
    async (opened) => {
      const { world } = opened;
      const ann = world.approver();
      world.policy(ALWAYS, asks([ann.userId, world.admin.userId]), 'Policies:Modify');
      const ask = (node: TestNode): string =>
        world.done(world.admin, 'x.replaceCertificate', path(node.certificate.node), replacement(node, 'Renewal'))
          .approvalId ?? '';
      const honest = ask(HONEST);
      const theirs = ask(mine(3));
      const vote = world.request(ann, 'policies.createApprovalDecision', { approvalId: honest }, { value: 'Approved' });
      const { statement } = vote.leaf;
      if (!statement) throw new Error('No statement.');
      world.place({
        ...vote,
        leaf: { ...vote.leaf, statement: { ...statement, path: statement.path.replace(honest, theirs) } },
      });
      return witnessedByMine(opened, [3]);
    },
  ),
  attack(
    'reserved',
    'a node whose replaced key the server still asks',
    'the old key of a node that was replaced',
    async ({ scene, world, id, demand }) => {
      const old = scene.stage.identityOf(2);
      world.done(world.admin, 'x.replaceCertificate', path(2), replacement(HONEST, 'Renewal'));
      await scene.feed();
      const head = scene.headNow();
      const hash = checkpointHash({ orgId: scene.orgId, ...head });
      const honest = await scene.witnesses(head, [1]);
      const nodeSignatures = [...honest, { node: 2, signature: old(hash) }, { node: 3, signature: old(hash) }];
      world.append('checkpoint', { ...head }, { at: head.at, nodeSignatures });
      await scene.feed();
      return demand(id, head, {}, { participants: [1, 2, 3] });
    },
  ),
]);
