import type { z } from 'zod';
import type { callFunctionBody } from '@/lib/contract/network-calls';
import { findNetwork } from '@/lib/contract/networks';
import { refused } from '@/lib/domain/refusal';
import { type Handler, type Handlers, orRefuse, refuse } from '../handler';
import type { FeeBid } from '../services';

const bidView = ({ maxPriorityFeePerGas, maxFeePerGas }: FeeBid) => ({
  maxPriorityFeePerGas: maxPriorityFeePerGas.toString(),
  maxFeePerGas: maxFeePerGas.toString(),
});

const getFees: Handler = async (request, services) => {
  const network = String(request.query.network);
  const found = orRefuse(await services.networks.fees(network));
  return {
    body: {
      kind: 'Eip1559',
      network,
      blockNumber: found.blockNumber,
      baseFeePerGas: found.baseFeePerGas.toString(),
      slow: bidView(found.slow),
      standard: bidView(found.standard),
      fast: bidView(found.fast),
    },
  };
};

/** Reads from a contract and changes nothing: no key signs, so no user action is asked. */
const callFunction: Handler = async (request, services) => {
  const { network: slug = '' } = request.params;
  const network =
    findNetwork(slug) ?? refuse(refused(404, 'network.unknown', `No network is called ${slug}.`, { network: slug }));
  const { contract, abi, calldata } = request.body as z.infer<typeof callFunctionBody>;
  const asked = { network: network.name, contract, abi, args: calldata ?? [] };
  return { body: orRefuse(await services.networks.readFunction(asked)) };
};

export const NETWORK_HANDLERS: Handlers = { 'networks.getFees': getFees, 'networks.callFunction': callFunction };
