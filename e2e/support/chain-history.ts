import type { System } from './system';

type RpcTransaction = {
  readonly hash: string;
  readonly from: string;
  readonly to: string | null;
  readonly nonce: string;
};

const rpc = async <T>(
  system: System,
  calls: readonly { method: string; params: readonly unknown[] }[],
): Promise<T[]> => {
  const response = await fetch(system.anvilUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(calls.map((call, id) => ({ jsonrpc: '2.0', id, ...call }))),
  });
  const answers = (await response.json()) as { id: number; result: T; error?: { message: string } }[];
  const failed = answers.find(({ error }) => error);
  if (failed?.error) throw new Error(failed.error.message);
  return answers.sort((a, b) => a.id - b.id).map(({ result }) => result);
};

const hex = (value: number): string => `0x${value.toString(16)}`;

/** Every transaction of an account in every block of the local chain, oldest first. */
export const transactionsFrom = async (system: System, address: string): Promise<RpcTransaction[]> => {
  const [head] = await rpc<string>(system, [{ method: 'eth_blockNumber', params: [] }]);
  const numbers = Array.from({ length: Number(head) + 1 }, (_, i) => i);
  const found: RpcTransaction[] = [];
  for (let start = 0; start < numbers.length; start += 100) {
    const calls = numbers
      .slice(start, start + 100)
      .map((n) => ({ method: 'eth_getBlockByNumber', params: [hex(n), true] }));
    for (const block of await rpc<{ transactions: RpcTransaction[] }>(system, calls))
      found.push(...block.transactions.filter(({ from }) => from.toLowerCase() === address.toLowerCase()));
  }
  return found;
};

export const balanceOf = async (system: System, address: string): Promise<bigint> =>
  BigInt((await rpc<string>(system, [{ method: 'eth_getBalance', params: [address, 'latest'] }]))[0] ?? '0x0');

export const nonceOf = async (system: System, address: string): Promise<number> =>
  Number((await rpc<string>(system, [{ method: 'eth_getTransactionCount', params: [address, 'latest'] }]))[0]);

export const blockNumber = async (system: System): Promise<number> =>
  Number((await rpc<string>(system, [{ method: 'eth_blockNumber', params: [] }]))[0]);

/** The block a mined transaction stands in. */
export const blockOf = async (system: System, hash: string): Promise<number> => {
  const [receipt] = await rpc<{ blockNumber: string }>(system, [
    { method: 'eth_getTransactionReceipt', params: [hash] },
  ]);
  return Number(receipt?.blockNumber);
};

/** Does something while the local chain mines no block: what is sent meanwhile is stuck. */
export const whileNothingIsMined = async <T>(system: System, work: () => Promise<T>): Promise<T> => {
  const mineEvery = (seconds: number) => rpc(system, [{ method: 'evm_setIntervalMining', params: [seconds] }]);
  await mineEvery(0);
  try {
    return await work();
  } finally {
    await mineEvery(1);
  }
};
