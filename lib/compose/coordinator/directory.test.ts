import { expect, test } from 'vitest';
import type { SignedHello } from '@/lib/transport/relay-server';
import { createDirectory } from './directory';
import type { CoordinatorPorts } from './ports';

const hello = { node: 2, clock: 0, status: { pairs: [] } };

test('a node that goes while it is said again to be there is away', async () => {
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const written: string[] = [];
  let renewals = 0;
  const nodes = {
    connected: async () => {
      renewals += 1;
      // The second one waits for a connection to the database.
      if (renewals === 2) await held;
      written.push('there');
    },
    disconnected: async () => {
      written.push('away');
    },
    status: async () => {},
  };
  const ports = { nodes, clock: () => 0, log: () => {} } as unknown as CoordinatorPorts;
  const directory = createDirectory(ports, { k: 3, n: 4 });
  directory.connected({ challenge: '', hello, signature: '' } as unknown as SignedHello);
  await expect.poll(() => written).toEqual(['there']);
  directory.renew();
  directory.gone(2);
  await new Promise((resolve) => setImmediate(resolve));
  letGo();
  await expect.poll(() => written).toEqual(['there', 'there', 'away']);
});
