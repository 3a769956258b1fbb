import type { CeremonyDeps } from './ceremony';
import type { Checkpoints } from './checkpoint';
import type { Directory } from './directory';
import type { Feed } from './feed';
import type { FrozenRequests } from './frozen-requests';
import { isAble } from './participants';
import type { Quorum } from './ports';
import type { SignJob } from './sign-job';

/** What bringing an activity to its signature needs. */
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
  /** Since when each request has been waiting for a vendor's answer; lives as long as the process. */
  readonly screeningSince: Map<string, number>;
};

/** Nodes that are there and could sign for the organisation. */
export const ableNodes = ({ orgId }: SignJob, { relay, directory }: SignActivityDeps): number[] =>
  relay()
    .connected()
    .filter((node) => isAble(directory, node, orgId));
