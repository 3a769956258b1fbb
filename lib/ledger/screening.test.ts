import { describe, expect, test } from 'vitest';
import type { Json } from '@/lib/domain/canonical-json';
import type { ScreenedTransfer, ScreeningFact, SignedScreening } from '@/lib/evidence/screening';
import type { Finding } from '@/lib/policy/screening';
import { judgeActivity } from './judge';
import { outgoingTransfer, vendorsAsked } from './screening';
import { find } from './state';
import { testOracle } from './testing/oracle';
import { asks, BLOCK } from './testing/people';
import { BOB, MALLORY } from './testing/signing';
import { activityIdOf, createWorld, fate, follow, pictureOf, type World } from './testing/world';

const oracle = testOracle();
const stranger = testOracle();
const SEVERE: Finding = { kind: 'alert', level: 'SEVERE', category: 'sanctions', categoryId: 3 };
const rule = (skip = false): Json => ({
  kind: 'ChainalysisTransactionPrescreening',
  configuration: {
    alerts: { alertLevel: 'HIGH', categoryIds: [] },
    exposures: { direct: { categoryIds: [] } },
    addresses: { categoryIds: [] },
    fallbackBehaviours: {
      skipUnscreenableTransaction: skip,
      skipUnsupportedNetwork: skip,
      skipUnsupportedAsset: skip,
      skipChainalysisFailure: skip,
    },
  },
});

const start = (action: Json | ((approver: string) => Json), skip = false) => {
  const world = createWorld({ oracleKeys: [oracle.publicKey] });
  const walletId = world.wallet();
  const ann = world.approver();
  world.policy(rule(skip), typeof action === 'function' ? action(ann.userId) : action);
  const address = find(world.state, 'wallet', walletId)?.address?.toLowerCase() ?? '';
  const transfer: ScreenedTransfer = {
    orgId: world.orgId,
    direction: 'outgoing',
    network: 'EthereumSepolia',
    asset: 'native',
    from: address,
    to: BOB,
    amount: '5',
    reference: '',
  };
  const said = (more: Partial<ScreeningFact> = {}, at = world.now()): SignedScreening =>
    oracle.screening(transfer, at, more);
  /** A transfer of 5 to Bob with these screenings beside it. */
  const ask = (screening: readonly unknown[] | undefined, body: { [key: string]: Json } = {}) =>
    activityIdOf(
      world.transfer(walletId, body, world.admin, {
        effects: screening === undefined ? {} : { screening: screening as unknown as Json },
      }),
    );
  const renew = (activityId: string, ...screening: readonly SignedScreening[]) =>
    world.append('screening', { activityId }, { effects: { screening: screening as unknown as Json } });
  return { world, walletId, ann, transfer, said, ask, renew };
};
const statusOf = (world: World, id: string): string => world.activity(id).status;

describe('a request with its screening beside it', () => {
  test('is approved when nothing was found, and blocked when something was', () => {
    const { world, ask, said } = start(BLOCK);
    expect(statusOf(world, ask([said()]))).toBe('Approved');
    const blocked = world.activity(ask([said({ findings: [SEVERE] })]));
    expect(blocked).toMatchObject({
      status: 'Rejected',
      reason: expect.stringContaining('SEVERE alert “sanctions” (3)'),
    });
    expect(blocked.screening).toMatchObject([{ vendor: 'Chainalysis', findings: [SEVERE] }]);
  });

  const forged = (name: string, make: (given: ReturnType<typeof start>) => readonly unknown[] | undefined) =>
    [name, make] as const;
  test.each([
    forged('dropped', () => undefined),
    forged('empty', () => []),
    forged('signed by another key', ({ transfer, world }) => [stranger.screening(transfer, world.now())]),
    forged('another key’s, passed off as the oracle’s', ({ transfer, world }) => [
      { ...stranger.screening(transfer, world.now()), oracleKey: oracle.publicKey },
    ]),
    forged('cleaned after it was signed', ({ said }) => [{ ...said({ findings: [SEVERE] }), findings: [] }]),
    forged('stale', ({ said, world }) => [said({}, world.now() - 301_000)]),
    forged('stale with a new date', ({ said, world }) => [{ ...said({}, world.now() - 301_000), at: world.now() }]),
    forged('from the future', ({ said, world }) => [said({}, world.now() + 31_000)]),
    forged('of another recipient', ({ said }) => [said({ to: MALLORY })]),
    forged('of another recipient, passed off as this one', ({ said }) => [{ ...said({ to: MALLORY }), to: BOB }]),
    forged('of another amount', ({ said }) => [said({ amount: '4' })]),
    forged('of another asset', ({ said }) => [said({ asset: MALLORY })]),
    forged('of another network', ({ said }) => [said({ network: 'Polygon' })]),
    forged('of another sender', ({ said }) => [said({ from: MALLORY })]),
    forged('of a transfer that came in', ({ said }) => [said({ direction: 'incoming' })]),
    forged('of another organisation', ({ said }) => [said({ orgId: 'or-other' })]),
    forged('of another organisation, passed off as this one', ({ said, world }) => [
      { ...said({ orgId: 'or-other' }), orgId: world.orgId },
    ]),
    forged('of another vendor', ({ said }) => [said({ vendor: 'GlobalLedger' })]),
    forged('with a member nobody signed', ({ said }) => [{ ...said(), note: 'clean' }]),
    forged('contradicted', ({ said }) => [said(), said({ findings: [SEVERE] })]),
    forged('contradicted by a failure', ({ said }) => [said(), said({ outcome: 'failed' })]),
    forged('no list', () => ['screened']),
    forged('too many', ({ said }) => Array.from({ length: 7 }, () => said())),
  ])('is blocked when the screening is %s, also where the policy skips everything', (_name, make) => {
    const given = start(BLOCK, true);
    expect(statusOf(given.world, given.ask(make(given)))).toBe('Rejected');
  });

  test('a signed failure is what a policy may let pass', () => {
    const failed: Partial<ScreeningFact> = { outcome: 'failed', reason: 'no answer in time' };
    const strict = start(BLOCK);
    expect(statusOf(strict.world, strict.ask([strict.said(failed)]))).toBe('Rejected');
    const lenient = start(BLOCK, true);
    expect(statusOf(lenient.world, lenient.ask([lenient.said(failed)]))).toBe('Approved');
  });
  test('the same answer twice is one answer', () => {
    const { world, ask, said } = start(BLOCK);
    expect(statusOf(world, ask([said(), said()]))).toBe('Approved');
  });
  test.each([
    [false, 'Rejected'],
    [true, 'Approved'],
  ])('a signature of something that can’t be read is unscreenable; skipped: %s, %s', (skip, status) => {
    const { world, walletId } = start(BLOCK, skip);
    const body = { kind: 'Hash', hash: `0x${'ab'.repeat(32)}` };
    const id = activityIdOf(world.act(world.admin, 'wallets.generateSignature', { walletId }, body));
    expect(statusOf(world, id)).toBe(status);
  });
});

describe('renewed before it is signed', () => {
  const FIVE_MINUTES = 300_001;
  test('an answer that is no longer fresh says nothing: nothing is reserved until there is another', () => {
    const { world, ask, said, renew } = start(BLOCK, true);
    const id = ask([said()]);
    world.wait(FIVE_MINUTES);
    expect(fate(world.reserve(id))).toBe('reserve.reject');
    expect(fate(renew(id, said()))).toBe('applied');
    expect(fate(world.reserve(id))).toBe('applied');
  });
  test('a hit becomes the action of the policy: Block rejects', () => {
    const { world, ask, said, renew } = start(BLOCK);
    const id = ask([said()]);
    world.wait(1_000);
    renew(id, said({ findings: [SEVERE] }));
    expect(fate(world.reserve(id))).toBe('reserve.reject');
    expect(fate(world.append('reject', { activityId: id }))).toBe('applied');
    expect(world.activity(id)).toMatchObject({ status: 'Rejected', reason: expect.stringContaining('SEVERE') });
  });
  test('a hit becomes the action of the policy: RequestApproval opens it again', () => {
    const { world, ann, ask, said, renew } = start((approver) => asks([approver]));
    const id = ask([said()]);
    expect(statusOf(world, id)).toBe('Approved');
    world.wait(1_000);
    renew(id, said({ findings: [SEVERE] }));
    expect(fate(world.reserve(id))).toBe('reserve.reopen');
    world.append('reopen', { activityId: id }, { effects: { approvalId: world.id('approval') } });
    expect(statusOf(world, id)).toBe('Pending');
    world.wait(1_000);
    expect(fate(world.vote(ann, world.activity(id).approvalId ?? ''))).toBe('applied');
    expect(fate(world.reserve(id))).toBe('applied');
  });
  test('what was approved before more was found has to be approved again', () => {
    const { world, ann, ask, said, renew } = start((approver) => asks([approver]));
    const id = ask([said({ outcome: 'failed' })]);
    world.wait(1_000);
    world.vote(ann, world.activity(id).approvalId ?? '');
    expect(statusOf(world, id)).toBe('Approved');
    world.wait(1_000);
    renew(id, said({ outcome: 'failed' }));
    expect(judgeActivity(world.state, id, { at: world.now() })).toMatchObject({ value: { verdict: 'sign' } });
    world.wait(1_000);
    renew(id, said({ findings: [SEVERE] }));
    expect(judgeActivity(world.state, id, { at: world.now() })).toMatchObject({ value: { verdict: 'reopen' } });
    world.append('reopen', { activityId: id }, { effects: { approvalId: world.id('approval') } });
    const approvalId = world.activity(id).approvalId ?? '';
    expect(find(world.state, 'approval', approvalId)?.decisions).toEqual([]);
    world.wait(1_000);
    world.vote(ann, approvalId);
    expect(fate(world.reserve(id))).toBe('applied');
  });
  test('what was found stays found, whatever a later answer says', () => {
    const { world, ask, said, renew } = start(BLOCK);
    const id = ask([said()]);
    world.wait(1_000);
    renew(id, said({ findings: [SEVERE] }));
    world.wait(1_000);
    expect(fate(renew(id, said()))).toBe('applied');
    expect(fate(world.reserve(id))).toBe('reserve.reject');
  });
  test('a hit after the reservation stops the signers', () => {
    const { world, ask, said, renew } = start(BLOCK);
    const id = ask([said()]);
    world.reserve(id);
    world.wait(1_000);
    expect(fate(renew(id, said({ findings: [SEVERE] })))).toBe('applied');
    expect(judgeActivity(world.state, id, { at: world.now() })).toMatchObject({ value: { verdict: 'reject' } });
    expect(statusOf(world, id)).toBe('Reserved');
  });
  test('an entry without a genuine, fresh and later answer about this transfer is void', () => {
    const { world, transfer, ask, said, renew } = start((approver) => asks([approver]));
    const id = ask([said()]);
    expect(fate(renew(id))).toBe('screening.fact');
    expect(fate(renew(id, said()))).toBe('screening.older');
    world.wait(1_000);
    expect(fate(renew(id, stranger.screening(transfer, world.now())))).toBe('screening.fact');
    expect(fate(renew(id, said({ to: MALLORY })))).toBe('screening.fact');
    expect(fate(renew(id, said({ orgId: 'or-other' })))).toBe('screening.fact');
    expect(fate(renew(id, said({}, world.now() - 301_000)))).toBe('screening.fact');
    expect(fate(renew('xfr-none', said()))).toBe('activity.not_found');
    const pending = ask([said({ findings: [SEVERE] })]);
    world.wait(1_000);
    expect(fate(renew(pending, said()))).toBe('screening.status');
  });
  test('a node that replays it comes to the same', () => {
    const { world, ask, said, renew } = start(BLOCK);
    const id = ask([said()]);
    world.wait(1_000);
    renew(id, said({ findings: [SEVERE] }));
    expect(pictureOf(follow(world))).toEqual(pictureOf(world.replica));
  });
  test('the end of a request that nobody may sign any more is the end of its screening', () => {
    const { world, ask, said, renew } = start(BLOCK);
    const id = ask([said({ findings: [SEVERE] })]);
    world.wait(1_000);
    expect(fate(renew(id, said()))).toBe('screening.status');
    expect(statusOf(world, id)).toBe('Rejected');
  });
});

describe('who is asked', () => {
  const walletsOf = (world: World) => [...world.state.tables.wallet.values()];
  test('nobody without a policy that reads an answer, and nobody a filter leaves out', () => {
    const { world } = start(BLOCK);
    expect(vendorsAsked(world.state, 'Wallets:Sign', walletsOf(world), world.now())).toEqual([
      { vendor: 'Chainalysis', userId: world.orgId },
    ]);
    const other = createWorld({});
    other.wallet();
    expect(vendorsAsked(other.state, 'Wallets:Sign', walletsOf(other), other.now())).toEqual([]);
    other.policy(rule(), BLOCK, 'Wallets:Sign', { filters: { walletTags: { hasAny: ['elsewhere'] } } });
    expect(vendorsAsked(other.state, 'Wallets:Sign', walletsOf(other), other.now())).toEqual([]);
  });
  test('under the name that the policy makes of the wallet', () => {
    const world = createWorld({});
    world.wallet(world.admin, { externalId: 'desk 7' });
    const named = rule() as { configuration: { [key: string]: Json } };
    world.policy(
      {
        ...named,
        configuration: { ...named.configuration, userIdTemplate: 'dfns:{wallet.id}_{wallet.externalId}' },
      } as Json,
      BLOCK,
    );
    const [wallet] = walletsOf(world);
    expect(vendorsAsked(world.state, 'Wallets:Sign', walletsOf(world), world.now())).toEqual([
      { vendor: 'Chainalysis', userId: `dfns:${wallet?.id}_desk 7` },
    ]);
  });
  test('about the true recipient, in one spelling', () => {
    const { world, walletId } = start(BLOCK);
    const facts = {
      kind: 'transfer',
      network: 'EthereumSepolia',
      recipient: '0x00000000000000000000000000000000000000BB',
      asset: { kind: 'Erc20', contract: '0x00000000000000000000000000000000000000cc' },
      amount: '7',
      quote: null,
      feeCeiling: null,
    } as const;
    expect(outgoingTransfer(world.state, find(world.state, 'wallet', walletId), facts)).toMatchObject({
      to: BOB,
      asset: '0x00000000000000000000000000000000000000cc',
      amount: '7',
    });
    expect(outgoingTransfer(world.state, undefined, facts)).toBeNull();
  });
});

describe('what comes in', () => {
  const INCOMING: Json = {
    kind: 'ChainalysisTransactionScreening',
    configuration: {
      alerts: { alertLevel: 'HIGH', categoryIds: [] },
      exposures: { direct: { categoryIds: [] } },
      fallbackBehaviours: {
        skipUnscreenableTransaction: false,
        skipUnsupportedNetwork: false,
        skipUnsupportedAsset: false,
        skipChainalysisFailure: false,
      },
    },
  };
  const TX = `0x${'cd'.repeat(32)}`;
  const arrange = () => {
    const world = createWorld({ oracleKeys: [oracle.publicKey] });
    const walletId = world.wallet();
    world.policy(INCOMING, { kind: 'NoAction' }, 'Wallets:IncomingTransaction');
    const to = find(world.state, 'wallet', walletId)?.address?.toLowerCase() ?? '';
    const body = {
      walletId,
      network: 'EthereumSepolia',
      txHash: TX,
      place: -1,
      from: MALLORY,
      amount: '7',
      blockNumber: 9,
    };
    const transfer: ScreenedTransfer = {
      orgId: world.orgId,
      direction: 'incoming',
      network: 'EthereumSepolia',
      asset: 'native',
      from: MALLORY,
      to,
      amount: '7',
      reference: `${TX}#-1`,
    };
    const enter = (screening: readonly SignedScreening[], more: { [key: string]: Json } = {}) =>
      world.append('incoming', { ...body, ...more }, { effects: { screening: screening as unknown as Json } });
    const record = () => find(world.state, 'incoming', `${walletId}:${TX}:-1`);
    return { world, walletId, transfer, enter, record };
  };

  test('is judged by the policies on it, and what they say is kept', () => {
    const { world, transfer, enter, record } = arrange();
    expect(fate(enter([oracle.screening(transfer, world.now(), { findings: [SEVERE] })]))).toBe('applied');
    expect(record()).toMatchObject({
      from: MALLORY,
      screening: [{ findings: [SEVERE] }],
      evaluations: [{ triggered: true, action: 'NoAction', reason: expect.stringContaining('SEVERE') }],
    });
  });
  test('without a genuine answer about it, it counts as the worst', () => {
    const { world, transfer, enter, record } = arrange();
    enter([oracle.screening({ ...transfer, reference: `0x${'ef'.repeat(32)}#-1` }, world.now())]);
    expect(record()?.evaluations).toMatchObject([
      { triggered: true, reason: expect.stringContaining('no signed answer') },
    ]);
  });
  test('is entered once, into a wallet of ours, as a chain shows it', () => {
    const { world, transfer, enter } = arrange();
    const clean = oracle.screening(transfer, world.now());
    expect(fate(enter([clean]))).toBe('applied');
    expect(fate(enter([clean]))).toBe('incoming.known');
    expect(fate(enter([clean], { walletId: 'wa-none' }))).toBe('wallet.not_found');
    expect(fate(enter([clean], { network: 'Polygon' }))).toBe('wallet.not_found');
    const wrong: readonly (readonly [string, Json])[] = [
      ['amount', '0'],
      ['amount', '-1'],
      ['txHash', 'x'],
      ['from', 'x'],
      ['place', 0],
      ['place', -2],
    ];
    for (const [name, value] of wrong) expect(fate(enter([clean], { [name]: value }))).toBe('ledger.malformed');
  });
  test('is not entered where no policy looks at it', () => {
    const world = createWorld({ oracleKeys: [oracle.publicKey] });
    const walletId = world.wallet();
    const body = {
      walletId,
      network: 'EthereumSepolia',
      txHash: TX,
      place: -1,
      from: MALLORY,
      amount: '7',
      blockNumber: 9,
    };
    expect(fate(world.append('incoming', body))).toBe('incoming.no_policy');
  });
  test('moves nothing: a node that replays it has the record and nothing else', () => {
    const { world, transfer, enter, walletId } = arrange();
    const before = pictureOf(follow(world)).tables;
    enter([oracle.screening(transfer, world.now(), { findings: [SEVERE] })]);
    const { tables } = pictureOf(follow(world));
    expect({ ...tables, incoming: before.incoming, lane: before.lane }).toEqual(before);
    expect(tables.incoming.size).toBe(1);
    expect(statusOf(world, activityIdOf(world.transfer(walletId)))).toBe('Approved');
  });
});
