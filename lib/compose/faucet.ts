import { isAddress, toHex } from 'viem';
import { readRunningSystem } from '@/lib/run-file';

const rpc = async (url: string, method: string, params: unknown[]): Promise<string> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  const answer = (await response.json()) as { result?: string; error?: { message: string } };
  if (answer.error) throw new Error(`The local chain refused ${method}: ${answer.error.message}`);
  return answer.result ?? '';
};

/**
 * Adds `amount` wei to an address on the local chain of the running system.
 * @throws with a sentence that says what to type.
 */
export const fundLocalAddress = async (
  dataDir: string,
  input: { readonly network?: string; readonly address?: string; readonly amount?: string },
): Promise<{ network: string; address: string; balance: string }> => {
  const { network, address, amount } = input;
  if (network !== 'EthereumSepolia')
    throw new Error('The faucet serves --network EthereumSepolia, the network of the local chain.');
  if (!address || !isAddress(address)) throw new Error('Name the address to fund: --address 0x…');
  if (!amount || !/^\d{1,78}$/.test(amount))
    throw new Error('Name the amount in wei, digits only: --amount 1000000000000000000');
  const { anvilUrl } = readRunningSystem(dataDir);
  if (!anvilUrl) throw new Error('The system on this data directory runs without a local chain (ANVIL=0).');
  const balance = BigInt(await rpc(anvilUrl, 'eth_getBalance', [address, 'latest'])) + BigInt(amount);
  await rpc(anvilUrl, 'anvil_setBalance', [address, toHex(balance)]);
  return { network, address, balance: balance.toString() };
};
