import type { CoordinatorPorts } from './ports';

/** The activity a signing job says to look at. */
export type SignJob = { readonly orgId: string; readonly activityId: string };

/** Done, or when to look again. */
export type Again = undefined | { againInMs: number };

/** How long the sequencer is waited for. */
export const CHAINED_TIMEOUT_MS = 10_000;
/** How often a request is looked at that nothing is known to move. */
export const STALLED_MS = 30_000;
/** How often a request that waits for nodes is looked at. */
export const WAITING_MS = 1_000;

/** Shows with the request why it is not signed. @param node 0 for the coordinator. */
export const noteRefusal = async (
  { orgId, activityId }: SignJob,
  node: number,
  { code, message }: { readonly code: string; readonly message: string },
  ports: Pick<CoordinatorPorts, 'nodes' | 'log'>,
): Promise<void> => {
  await ports.nodes
    .refusal({ orgId, activityId, node, code, message })
    .catch((error: unknown) => ports.log('warn', 'A refusal could not be written.', { err: error }));
};
