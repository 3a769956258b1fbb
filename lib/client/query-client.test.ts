import { MutationObserver, onlineManager, QueryObserver } from '@tanstack/react-query';
import { afterEach, expect, test } from 'vitest';
import { ClientError } from './client-error';
import { newQueryClient } from './query-client';

const unreachable = new ClientError(0, 'The server can’t be reached.');
afterEach(() => onlineManager.setOnline(true));

/** Everything that was put off to a later turn has had its turn. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

test('what is asked to be signed without a connection fails at once, and is not sent when the connection is back', async () => {
  const client = newQueryClient();
  client.mount();
  let sent = 0;
  const decide = new MutationObserver(client, {
    mutationFn: async () => {
      sent += 1;
      throw unreachable;
    },
  });
  onlineManager.setOnline(false);
  await expect(Promise.race([decide.mutate(), settle().then(() => 'still waiting')])).rejects.toBe(unreachable);
  expect(sent).toBe(1);
  onlineManager.setOnline(true);
  await settle();
  expect(sent).toBe(1);
  client.unmount();
});

test('a page without a connection says so instead of loading for ever, and loads when the connection is back', async () => {
  const client = newQueryClient();
  client.mount();
  let asked = 0;
  const wallets = new QueryObserver(client, {
    queryKey: ['wallets'],
    queryFn: async () => {
      asked += 1;
      if (!onlineManager.isOnline()) throw unreachable;
      return ['Treasury'];
    },
    retry: false,
  });
  onlineManager.setOnline(false);
  const stop = wallets.subscribe(() => undefined);
  await settle();
  expect(wallets.getCurrentResult().error).toBe(unreachable);
  onlineManager.setOnline(true);
  await settle();
  expect(wallets.getCurrentResult().data).toEqual(['Treasury']);
  expect(asked).toBe(2);
  stop();
  client.unmount();
});
