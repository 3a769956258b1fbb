import { fillPath, queryString } from '@/lib/verifying/path';
import { routeOf } from './routes';

/** How many lines of the queue come at a time. */
export const QUEUE_PAGE = 100;

/** What every page asks first, spelled as it will be asked. */
export const askedByFrame = (userId: string): readonly string[] => [
  '/api/auth/session',
  fillPath(routeOf('auth.getUser').path, { userId }),
];

/** What the queue asks first. */
export const askedByQueue = (): readonly string[] => [
  routeOf('x.listApprovalQueue').path + queryString({ limit: QUEUE_PAGE, stage: 'needsMe' }),
];
