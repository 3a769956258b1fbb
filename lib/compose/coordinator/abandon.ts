import type { NodeSignature } from '@/lib/ledger/entry';
import type { Relay } from '@/lib/transport/relay-server';
import { gather } from './checkpoint';
import type { CoordinatorPorts, Quorum } from './ports';

/**
 * Ends a reserved activity for good, if k nodes that have released nothing for it promise never to: pin, nonce and windows are free.
 * @returns false when fewer promised; the reservation then stands.
 */
export const abandon = async (
  { orgId, activityId, reason }: { orgId: string; activityId: string; reason: string },
  { ports, quorum, relay }: { readonly ports: CoordinatorPorts; readonly quorum: Quorum; readonly relay: () => Relay },
): Promise<boolean> => {
  const nodes = relay().connected();
  // Asking fewer than k would bind nodes to a promise that frees nothing.
  if (nodes.length < quorum.k) return false;
  const promises = await promisesToAbandon({ orgId, activityId }, { ports, relay });
  if (promises.length < quorum.k) return false;
  const appended = await ports.ledger.append({
    orgId,
    kind: 'abandon',
    body: { activityId, reason },
    effects: {},
    nodeSignatures: promises,
  });
  if (appended.ok) ports.log('warn', 'Request abandoned.', { orgId, activityId, reason });
  return appended.ok;
};

/** Asks every node that is there to promise that it has released nothing for the activity and never will. A promise is kept for good. */
export const promisesToAbandon = (
  { orgId, activityId }: { orgId: string; activityId: string },
  { ports, relay }: { readonly ports: CoordinatorPorts; readonly relay: () => Relay },
): Promise<NodeSignature[]> => {
  const nodes = relay().connected();
  return gather(nodes, nodes.length, async (node) => {
    const outcome = await relay().ask(node, 'abandon.sign', { orgId, activityId });
    if (outcome.ok) return { node, signature: outcome.value.signature };
    ports.log('info', 'A node did not promise to abandon.', {
      node,
      activityId,
      code: outcome.refusal.code,
      reason: outcome.refusal.message,
    });
    return null;
  });
};
