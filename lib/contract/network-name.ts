import { z } from 'zod';
import { NETWORKS } from './networks';

/** A network name in a body: any of the dialect's, enabled or not (the handler answers "network not enabled"). */
export const networkName = z.enum(NETWORKS.map((network) => network.name) as [string, ...string[]], {
  error: 'is not a known network',
});
