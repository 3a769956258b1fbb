import { ALWAYS, BLOCK } from '@/lib/ledger/testing/people';
import { activityIdOf } from '@/lib/ledger/testing/world';
import { parseEnvelope } from '@/lib/transport/envelope';
import { attack, group } from './attack';
import { HONEST } from './scenes';

const MINUTE = 60_000;
const INSIDER = 'the administrator, who dates requests as the server likes';
const NEXT = { choice: { nonce: 1 } };

/** Traces of the executable model that broke earlier wordings of the rules (`docs/model-traces.md`), driven to the ceremony. */
export const TRACES = group('traces of the model', [
  attack('limit', 'T1: a future-dated request beside the first', INSIDER, async ({ ask, pay, take }) => {
    await pay(ask());
    return take(ask(3_800_000), NEXT);
  }),
  attack(
    'approvedLimit',
    'T2: the window of an approved request that passed its time',
    INSIDER,
    async ({ world, voter, approvalOf, ask, pay, take }) => {
      const a = ask();
      world.vote(voter, approvalOf(a));
      world.wait(21 * MINUTE);
      const b = ask();
      world.vote(voter, approvalOf(b));
      await pay(a);
      return take(b, NEXT);
    },
  ),
  attack(
    'approvedLimit',
    'T3: a future-dated request that frees a pending one',
    INSIDER,
    ({ world, voter, approvalOf, ask, take }) => {
      const a = ask();
      ask(25 * MINUTE);
      world.vote(voter, approvalOf(a));
      return take(a);
    },
  ),
  attack(
    'approvedLimit',
    'T4: a signed request whose release is withheld, cancelled',
    INSIDER,
    async ({ world, voter, approvalOf, ask, pay, take }) => {
      const a = ask();
      world.vote(voter, approvalOf(a));
      await pay(a);
      world.vote(world.admin, approvalOf(a), 'Denied');
      const b = ask();
      world.vote(voter, approvalOf(b));
      return take(b, NEXT);
    },
  ),
  attack(
    'approvedLimit',
    'T5: a signed request whose release is withheld, past its time',
    INSIDER,
    async ({ world, voter, approvalOf, ask, pay, take }) => {
      const a = ask();
      world.vote(voter, approvalOf(a));
      await pay(a);
      world.wait(21 * MINUTE);
      world.append('expiry', { approvalId: approvalOf(a) });
      const b = ask();
      world.vote(voter, approvalOf(b));
      return take(b, NEXT);
    },
  ),
  attack('limit', 'T6: the edge of a window that a checkpoint moves', INSIDER, async ({ world, ask, pay, take }) => {
    const a = ask();
    world.wait(5_000);
    const b = ask(60 * MINUTE - 1_000);
    world.wait(118_000);
    await pay(a);
    return take(b, NEXT);
  }),
  attack(
    'limit',
    'T7: a request back-dated by a window',
    INSIDER,
    async ({ world, request, enter, ask, pay, take }) => {
      await pay(ask());
      world.wait(60 * MINUTE - 1_000);
      const at = world.now() - 7_000_000;
      return take(enter(request(world.admin, HONEST, { at, statement: { expiresAt: at + 300_000 } })), {
        body: HONEST,
        ...NEXT,
      });
    },
  ),
  attack(
    'approvedLimit',
    'V8: a vote revoked between ACCEPT and the start',
    'the voter, before she was removed',
    async ({ scene, world, voter, approvalOf, ask, reserve, demand }) => {
      const a = ask();
      world.vote(voter, approvalOf(a));
      reserve(a);
      const head = await scene.witness();
      const between = async () => {
        const grant = [...world.state.tables.assignment.values()].find((item) => item.identityId === voter.userId);
        const params = { permissionId: grant?.permissionId ?? '', assignmentId: grant?.id ?? '' };
        world.act(world.admin, 'permissions.deleteAssignment', params);
        await scene.feed();
      };
      return demand(a, head, {}, { between, participants: [1, 2, 3] });
    },
  ),
  attack(
    'reserved',
    'V8: a block between the rounds, before the last message',
    'the relay, which chooses the moment',
    async ({ scene, world, id, head, demand }) => {
      const { stage } = scene;
      let isShown = false;
      stage.setTap((bytes) => {
        // What is fed here arrives before the message that passes.
        if (!isShown && parseEnvelope(bytes)?.header.round === 2) {
          isShown = true;
          world.policy(ALWAYS, BLOCK);
          void scene.feed([1, 2]);
        }
        return [bytes];
      });
      try {
        return await demand(id, head, {}, { participants: [1, 2, 3] });
      } finally {
        stage.setTap(null);
      }
    },
  ),
  attack('limit', 'V9: two requests made during an outage', INSIDER, async ({ world, ask, pay, take }) => {
    const a = ask();
    world.wait(120 * MINUTE);
    const b = ask();
    await pay(a);
    return take(b, NEXT);
  }),
  attack(
    'limit',
    'V10: the holder of a nonce that a cancel took',
    INSIDER,
    async ({ scene, world, walletId, ask, reserve, pay, demand }) => {
      const a = ask();
      reserve(a);
      await scene.witness();
      const cancel = world.act(world.admin, 'wallets.cancelTransfer', { walletId, transferId: a }, {});
      await pay(activityIdOf(cancel), { body: { kind: 'CancelTransaction' } });
      return demand(a, await scene.witness());
    },
  ),
  attack(
    'payment',
    'V16: two requests that reserve one nonce',
    INSIDER,
    async ({ scene, world, walletId, id, reserve, pay, demand }) => {
      const b = activityIdOf(world.transfer(walletId, { amount: '6' }));
      reserve(id);
      reserve(b);
      await pay(id);
      return demand(b, await scene.witness());
    },
  ),
]);
