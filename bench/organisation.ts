import { composeLedger } from '@/lib/compose/ledger';
import type { Db } from '@/lib/db/client';
import { sequenceOnce } from '@/lib/db/sequencer';
import type { Json } from '@/lib/domain/canonical-json';
import { emptyReplica, extendReplica, type Replica } from '@/lib/ledger/replay';
import { dealKey } from '@/lib/ledger/testing/nodes';
import { testOracle } from '@/lib/ledger/testing/oracle';
import { TEST_PORTS } from '@/lib/ledger/testing/ports';
import { type Placed, signRequest } from '@/lib/ledger/testing/requests';
import { createWorld } from '@/lib/ledger/testing/world';
import type { Figure } from './figure';

/** An organisation whose ledger is real; keys and people are those of a world in memory. */
const anOrganisation = async (db: Db) => {
  const oracle = testOracle();
  const world = createWorld({ oracleKeys: [oracle.publicKey], seed: 'bench', start: Date.now() });
  const { orgId, admin } = world;
  const prices = new Map<string, ReturnType<typeof oracle.price>>();
  // Signed once a second: the oracle is another process, and its signing is not the server's work.
  const priceAt = (network: string, second: number) => {
    const key = `${network} ${second}`;
    const price = prices.get(key) ?? oracle.price(network, second * 1000);
    prices.set(key, price);
    return price;
  };
  const composed = composeLedger(db, { price: async ({ network }) => priceAt(network, Math.floor(Date.now() / 1000)) });
  const { ledger } = composed;
  const ok = <T>(outcome: { ok: true; value: T } | { ok: false; refusal: unknown }): T => {
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusal));
    return outcome.value;
  };
  ok(await ledger.append({ orgId, kind: 'genesis', body: world.genesis as unknown as Json }));
  const replica: Replica = emptyReplica(orgId);
  const catchUp = async (): Promise<Replica> => {
    while ((await sequenceOnce(db)) > 0);
    for (const item of await ledger.feed(orgId, (replica.head?.seq ?? -1) + 1, 100_000))
      extendReplica(replica, item.bytes, item.body, TEST_PORTS);
    return replica;
  };
  const sign = (operationId: string, params: { [name: string]: string }, body: Json): Placed =>
    signRequest({
      state: replica.state,
      signer: admin,
      operationId,
      params,
      body,
      at: Date.now(),
      random: world.random,
    });
  const send = ({ leaf, body }: Placed, operationId: string) => {
    if (!leaf.statement || !leaf.assertion) throw new Error('Not signed.');
    return ledger.submit({ orgId, operationId, statement: leaf.statement, assertion: leaf.assertion, body, query: {} });
  };
  const done = async (operationId: string, params: { [name: string]: string }, body: Json): Promise<string> => {
    await catchUp();
    return ok(await send(sign(operationId, params, body), operationId)).result.id;
  };
  const wallets = async (count: number): Promise<string[]> => {
    const made: string[] = [];
    await catchUp();
    for (let at = 0; at < count; at += 1) {
      const sent = ok(
        await send(sign('wallets.createWallet', {}, { network: 'EthereumSepolia' }), 'wallets.createWallet'),
      );
      made.push(sent.result.id);
    }
    for (const walletId of made) {
      const keyId = (await catchUp()).state.tables.wallet.get(walletId)?.keyId ?? '';
      const { certificate } = dealKey(keyId, world.genesis.k, world.nodes, 'bench');
      ok(
        await ledger.append({
          orgId,
          kind: 'keyCertificate',
          body: { keyId, certificate: certificate as unknown as Json },
        }),
      );
    }
    await catchUp();
    return made;
  };
  const velocity = (limit: number, timeframe: number, walletIds: readonly string[], kind: 'Block' | 'NoAction') =>
    done(
      'policies.createPolicy',
      {},
      {
        name: `at most ${limit} in ${timeframe} minutes`,
        activityKind: 'Wallets:Sign',
        rule: { kind: 'TransactionCountVelocity', configuration: { limit, timeframe } },
        action: { kind },
        filters: { walletId: { in: [...walletIds] } },
      },
    );
  return { orgId, catchUp, sign, send, wallets, velocity, close: composed.close };
};
export type Organisation = Awaited<ReturnType<typeof anOrganisation>>;

/** An organisation with so many wallets, for as long as the work takes. */
export const withWallets = async (
  db: Db,
  count: number,
  bench: (org: Organisation, walletIds: readonly string[]) => Promise<Figure[]>,
): Promise<Figure[]> => {
  const org = await anOrganisation(db);
  try {
    return await bench(org, await org.wallets(count));
  } finally {
    await org.close();
  }
};
