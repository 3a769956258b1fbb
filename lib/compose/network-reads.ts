import type { EvmClient } from '@/lib/chain/evm/client';
import { decodeRead, encodeRead } from '@/lib/chain/evm/read-function';
import { isCallFailure, messageOfError } from '@/lib/chain/evm/rpc-pool';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { Services } from '@/lib/http/services';

/** What anybody may ask a network's nodes. A node that can't be reached is a refusal: nothing is made up. */
export const networkReads = (clients: (network: string) => EvmClient | null): Services['networks'] => {
  const ask = async <T>(network: string, question: (client: EvmClient) => Promise<T>): Promise<Outcome<T>> => {
    const client = clients(network);
    if (!client)
      return refused(400, 'network.not_enabled', `This installation reaches no node of ${network}.`, { network });
    try {
      return accepted(await question(client));
    } catch (error) {
      const words = messageOfError(error).slice(0, 200);
      return isCallFailure(words)
        ? refused(422, 'chain.would_fail', `The call fails: ${words}`)
        : refused(503, 'chain.unavailable', `The nodes of ${network} do not answer. Try again later.`, { network });
    }
  };
  return {
    fees: (network) => ask(network, (client) => client.fees()),
    readFunction: async ({ network, contract, abi, args }) => {
      const data = encodeRead(abi, args);
      if (!data.ok) return data;
      const answer = await ask(network, (client) => client.call(contract, data.value));
      return answer.ok ? decodeRead(abi, answer.value) : answer;
    },
  };
};
