import { describe, expect, test } from 'vitest';
import { softwareKey } from '@/lib/authentication/testing/software-credentials';
import { canonicalJson, type Json } from '@/lib/domain/canonical-json';
import type { StateInMemory } from './state';
import { arrange, FORGED_OPERATIONS, type HonestRequest } from './testing/forgeries';
import type { Forgery, Signer } from './testing/requests';
import type { World } from './testing/world';

const snapshot = (state: StateInMemory): string =>
  canonicalJson(
    Object.fromEntries(
      Object.entries(state.tables).map(([kind, table]) => [kind, Object.fromEntries(table)]),
    ) as unknown as Json,
  );

const enter = (world: World, operationId: string, request: HonestRequest, signer: Signer, forgery: Forgery = {}) =>
  world.act(signer, operationId, request.params, request.body, {
    ...forgery,
    effects: { ...request.effects, ...forgery.effects },
  });

/** What a thief of the server and its database can write without a credential. */
const FORGERIES: readonly [string, (world: World, honest: Signer) => { signer?: Signer; forgery?: Forgery }][] = [
  ['a signature of a stranger', (_, honest) => ({ signer: { ...honest, credential: softwareKey('P-256') } })],
  [
    'a signature of a stranger under the credential id of who asks',
    (_, honest) => {
      const stranger = softwareKey('P-256');
      const assertion: Forgery['assertion'] = (challenge) => ({
        ...stranger.assert(challenge),
        credId: honest.credential.credId,
      });
      return { forgery: { assertion } };
    },
  ],
  [
    'a signature over another statement',
    (_, honest) => ({ forgery: { assertion: () => honest.credential.assert('another challenge') } }),
  ],
  ['a person without the permission', (world) => ({ signer: world.register() })],
  ['a body other than the signed one', () => ({ forgery: { swappedBody: { swapped: true } } })],
  ['the genesis of another organisation', () => ({ forgery: { statement: { genesis: '00'.repeat(32) } } })],
  ['another context', () => ({ forgery: { statement: { context: { replaces: 'ff' } } } })],
  ['an expired statement', (world) => ({ forgery: { statement: { expiresAt: world.now() - 1 } } })],
  ['a statement that lives too long', (world) => ({ forgery: { statement: { expiresAt: world.now() + 300_001 } } })],
  [
    'a member in the statement that nobody checks',
    () => ({ forgery: { statement: { note: 'x' } as Forgery['statement'] } }),
  ],
];

/** Anybody may do these for themselves. */
const OWN: readonly string[] = ['auth.createCredential', 'auth.createCredentialCode'];

describe.each(FORGED_OPERATIONS)('%s', (operationId) => {
  test('applies when somebody who may asks for it, once', () => {
    const { world, request } = arrange(operationId);
    const honest = world.request(
      request.signer ?? world.admin,
      operationId,
      request.params,
      request.body,
      request.effects ? { effects: request.effects } : {},
    );
    expect(world.place(honest)).toMatchObject({ kind: 'applied' });
    const before = snapshot(world.state);
    expect(world.place(honest)).toMatchObject({ kind: 'void', refusal: { code: 'authentication.user_action_used' } });
    expect(snapshot(world.state)).toBe(before);
  });
  // What one does to one's own account needs no permission.
  const applicable = FORGERIES.filter(([name]) => !OWN.includes(operationId) || !name.startsWith('a person'));
  test('is void, and changes nothing, under every forgery', () => {
    const { world, request } = arrange(operationId);
    const honest = request.signer ?? world.admin;
    for (const [name, forge] of applicable) {
      const { signer = honest, forgery } = forge(world, honest);
      const before = snapshot(world.state);
      expect(enter(world, operationId, request, signer, forgery).kind, name).toBe('void');
      expect(snapshot(world.state), name).toBe(before);
    }
  });
});
