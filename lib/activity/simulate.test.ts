import { describe, expect, test } from 'vitest';
import type { Json } from '@/lib/domain/canonical-json';
import { isTrial, type ScreenedTransfer, type ScreeningFact } from '@/lib/evidence/screening';
import { find } from '@/lib/ledger/state';
import { testOracle } from '@/lib/ledger/testing/oracle';
import { asks, BLOCK } from '@/lib/ledger/testing/people';
import { TEST_PORTS } from '@/lib/ledger/testing/ports';
import { BOB } from '@/lib/ledger/testing/signing';
import { activityIdOf, createWorld } from '@/lib/ledger/testing/world';
import type { PolicyDefinition } from '@/lib/policy/policy';
import { simulate } from './simulate';

const oracle = testOracle();
const SCREEN = (skip: boolean) => ({
  kind: 'GlobalLedgerTransactionPrescreening',
  configuration: {
    riskScoreThreshold: 50,
    fallbackBehaviours: {
      skipUnscreenableTransaction: skip,
      skipUnsupportedNetwork: skip,
      skipUnsupportedAsset: skip,
      skipGlobalLedgerFailure: skip,
    },
  },
});

const start = (said: Partial<ScreeningFact> | null) => {
  const world = createWorld({ oracleKeys: [oracle.publicKey] });
  const walletId = world.wallet();
  const asked: ScreenedTransfer[] = [];
  const deps = {
    store: {
      read: async () => world.state,
      look: () => Promise.reject(new Error('nothing is looked up')),
      locked: () => Promise.reject(new Error('nothing is written')),
      policiesBefore: async () => [],
      getRecord: async () => null,
    },
    ports: TEST_PORTS,
    now: world.now,
    random: world.random,
    price: async () => null,
    screening: async ({ transfer }: { readonly transfer: ScreenedTransfer }) => {
      asked.push(transfer);
      return said && oracle.screening(transfer, world.now(), { vendor: 'GlobalLedger', ...said });
    },
  };
  const user = find(world.state, 'user', world.admin.userId);
  if (!user) throw new Error('no administrator');
  const body = { kind: 'Native', to: BOB, amount: '5' };
  const tried = async (draft?: { readonly definition: PolicyDefinition }) => {
    const request = { kind: 'Transfer', walletId, body, ...(draft ? { draft } : {}) } as const;
    const outcome = await simulate({ orgId: world.orgId, actor: { user }, request }, deps);
    if (!outcome.ok) throw new Error(outcome.refusal.code);
    return outcome.value;
  };
  /** The request itself, with what the oracle says of it. */
  const made = (): string => {
    const from = find(world.state, 'wallet', walletId)?.address?.toLowerCase() ?? '';
    const [trial] = asked;
    const real = { ...trial, from, reference: '' } as ScreenedTransfer;
    const screening = said && [oracle.screening(real, world.now(), { vendor: 'GlobalLedger', ...said })];
    const effects = screening ? { screening: screening as unknown as Json } : {};
    return world.activity(activityIdOf(world.transfer(walletId, body, world.admin, { effects }))).status;
  };
  return { world, tried, made, asked };
};
const STATUS = { Allow: 'Approved', RequestApproval: 'Pending', Block: 'Rejected' } as const;

describe('a dry run under a policy that screens', () => {
  test.each([
    ['nothing found', { score: 10 }, false, 'Allow'],
    ['something found', { score: 80 }, true, 'Block'],
    ['a vendor that fails, skipped', { outcome: 'failed' }, true, 'Allow'],
    ['a vendor that fails', { outcome: 'failed' }, false, 'Block'],
    ['a network nobody knows, skipped', { outcome: 'unsupportedNetwork' }, true, 'Allow'],
    ['an asset nobody knows', { outcome: 'unsupportedAsset' }, false, 'Block'],
    ['no signed answer, whatever is skipped', null, true, 'Block'],
  ] as const)('says what the request is told: %s', async (_what, said, skip, outcome) => {
    const { world, tried, made, asked } = start(said);
    world.policy(SCREEN(skip), BLOCK);
    expect((await tried()).outcome).toBe(outcome);
    expect(asked.map(isTrial)).toEqual([true]);
    expect(made()).toBe(STATUS[outcome]);
  });
  test('asks the vendor of a draft, and nobody where no policy reads an answer', async () => {
    const { tried, asked } = start({ score: 80 });
    expect((await tried()).outcome).toBe('Allow');
    expect(asked).toEqual([]);
    const definition: PolicyDefinition = {
      name: 'draft',
      activityKind: 'Wallets:Sign',
      rule: SCREEN(false),
      action: { kind: 'Block' },
    };
    expect((await tried({ definition })).outcome).toBe('Block');
    expect(asked).toHaveLength(1);
  });
  test('what is signed for it says nothing of the request itself', async () => {
    const { world, tried, asked } = start({ score: 10 });
    world.policy(SCREEN(true), BLOCK);
    await tried();
    const [trial] = asked;
    if (!trial) throw new Error('nobody was asked');
    const screening = [oracle.screening(trial, world.now(), { vendor: 'GlobalLedger', score: 10 })];
    const [walletId] = [...world.state.tables.wallet.keys()];
    const made = world.transfer(walletId ?? '', {}, world.admin, {
      effects: { screening: screening as unknown as Json },
    });
    expect(world.activity(activityIdOf(made)).status).toBe('Rejected');
  });
});

test('a dry run names the people who will be asked', async () => {
  const { world, tried } = start(null);
  const ann = world.approver();
  const policyId = world.policy({ kind: 'AlwaysTrigger' }, asks([ann.userId]));
  expect(await tried()).toMatchObject({
    outcome: 'RequestApproval',
    groups: [{ policyId, quorum: 1, approvers: { userId: { in: [ann.userId] } } }],
  });
});
