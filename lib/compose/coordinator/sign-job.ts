import type { CeremonyDeps } from './ceremony';
import type { Checkpoints } from './checkpoint';
import type { Directory } from './directory';
import type { Feed } from './feed';
import type { FrozenRequests } from './frozen-requests';
import { isAble } from './participants';
import type { CoordinatorPorts, Quorum } from './ports';

/** The activity a signing job says to look at. */
export type SignJob = { readonly orgId: string; readonly activityId: string };

/** Done, or when to look again. */
export type Again = undefined | { againInMs: number };

export type SignActivityDeps = CeremonyDeps & {
  readonly quorum: Quorum;
  readonly feed: Feed;
  readonly checkpoints: Checkpoints;
  readonly directory: Directory;
  readonly frozen: FrozenRequests;
  /** How long too few nodes are waited for before the request is given up; 60 s. */
  readonly patienceMs: number;
  /** Since when each request has been waiting for enough nodes; lives as long as the process. */
  readonly waitingSince: Map<string, number>;
};

/** How long the sequencer is waited for. */
export const CHAINED_TIMEOUT_MS = 10_000;
/** How often a request is looked at that nothing is known to move. */
export const STALLED_MS = 30_000;
/** How often a request that waits for nodes is looked at. */
export const WAITING_MS = 1_000;

/** Nodes that are there and could sign for the organisation. */
export const ableNodes = ({ orgId }: SignJob, { relay, directory }: SignActivityDeps): number[] =>
  relay()
    .connected()
    .filter((node) => isAble(directory, node, orgId));

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
