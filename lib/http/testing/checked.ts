import { expect } from 'vitest';
import { matchOperation } from '@/lib/contract/table';
import { sequenceOnce } from '@/lib/db/sequencer';
import { checkpointHash } from '@/lib/evidence/checkpoint';
import { testNode } from '@/lib/ledger/testing/nodes';
import { performSigned, type Reply, type TestPerson, type TestPlatform } from './platform';

/** Identities of the test's signer nodes, whose secret keys the test knows. */
export const NODES = [1, 2, 3, 4].map((node) => testNode(node, 'reads'));

/** Replaces the pinned nodes by ones the test can sign for, so that keys can be certified. Before an organisation is founded. */
export const useKnownNodes = async ({ services }: TestPlatform): Promise<void> => {
  for (const { certificate } of NODES)
    await services.db.pool.query(
      'UPDATE signer_nodes SET certificate = $2, connected = true, self_test = true WHERE node = $1',
      [certificate.node, JSON.stringify(certificate)],
    );
};

/** Checks an answer against the contract's own schema of the operation: what the console and the SDK expect. */
const checked = (method: string, path: string, reply: Reply): Reply => {
  const match = matchOperation(method, path.split('?')[0] ?? '');
  if (!match || !('operation' in match)) throw new Error(`There is no ${method} ${path}.`);
  expect(match.operation.response?.safeParse(reply.body).error?.issues ?? []).toEqual([]);
  return reply;
};

/** Reads, and holds the answer against the contract. */
export const get = async (platform: TestPlatform, person: Pick<TestPerson, 'token'>, path: string): Promise<Reply> => {
  const reply = await platform.call('GET', path, { token: person.token });
  if (reply.status !== 200) throw new Error(`GET ${path}: ${JSON.stringify(reply.body)}`);
  return checked('GET', path, reply);
};

/** Signs and sends; an answer of 200 is held against the contract. */
export const send = async (
  platform: TestPlatform,
  person: Pick<TestPerson, 'key' | 'token'>,
  method: string,
  path: string,
  body: unknown = {},
): Promise<Reply> => {
  const reply = await performSigned(platform, person, method, path, body);
  return reply.status === 200 ? checked(method, path, reply) : reply;
};

/** Chains what was written, as the sequencer would. */
export const chain = async ({ services }: TestPlatform): Promise<void> => {
  while ((await sequenceOnce(services.db)) > 0);
};

/** Enters a checkpoint over the organisation's head, signed by three of the four known nodes, and chains it. */
export const witness = async (platform: TestPlatform, orgId: string): Promise<void> => {
  const { ledger, now } = platform.services;
  const head = await ledger.head(orgId);
  if (!head) throw new Error('There is no head.');
  const body = { seq: head.seq, root: head.root, at: now() };
  const hash = checkpointHash({ orgId, ...body });
  const nodeSignatures = NODES.slice(0, 3).map(({ certificate, sign }) => ({
    node: certificate.node,
    signature: sign(hash),
  }));
  const outcome = await ledger.append({ orgId, kind: 'checkpoint', body, effects: {}, nodeSignatures });
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  await chain(platform);
};
