import { fillPath, queryString } from '@/lib/verifying/path';
import { routeOf } from './routes';

/** How many lines of the queue come at a time. */
export const QUEUE_PAGE = 100;

/** What every page asks first for somebody who is signed in, spelled as it will be asked. */
export const firstAsked = (userId: string): readonly string[] => [
  '/api/auth/session',
  fillPath(routeOf('auth.getUser').path, { userId }),
  routeOf('x.listApprovalQueue').path + queryString({ limit: QUEUE_PAGE, stage: 'needsMe' }),
];
