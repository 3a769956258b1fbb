import { dealKey } from '@/lib/ledger/testing/nodes';
import { NODES } from './checked';
import type { TestPlatform } from './platform';

/** Certifies keys as they are asked for, as coordinator and nodes would, until it is stopped. */
export const keepMakingKeys = ({ services }: TestPlatform, orgId: string): (() => Promise<void>) => {
  let running = true;
  const loop = (async () => {
    while (running) {
      const { items } = await services.reads.page(orgId, 'key', { status: 'Creating' }, { limit: 50 });
      for (const { id } of items) {
        const { certificate } = dealKey(id, 3, NODES, 'key maker');
        const body = { keyId: id, certificate: certificate as never };
        const outcome = await services.ledger.append({ orgId, kind: 'keyCertificate', body, effects: {} });
        if (!outcome.ok) throw new Error(outcome.refusal.message);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return () => {
    running = false;
    return loop;
  };
};
