import { z } from 'zod';
import { anyObject, evmAddress, text } from './fields';
import { networkName } from './networks';
import type { Operation } from './operation';

const fees = z.object({ maxPriorityFeePerGas: z.string(), maxFeePerGas: z.string() });
const abiParameter = z.object({ name: z.string(), type: z.string(), components: z.array(anyObject).optional() });

export const NETWORK_CALLS: readonly Operation[] = [
  {
    id: 'networks.getFees',
    method: 'GET',
    path: '/networks/fees',
    access: 'bearer',
    userAction: false,
    governs: 'nothing',
    built: false,
    query: z.object({ network: networkName }),
    response: z.object({
      kind: z.literal('Eip1559'),
      network: networkName,
      blockNumber: z.number().int(),
      baseFeePerGas: z.string(),
      slow: fees,
      standard: fees,
      fast: fees,
    }),
  },
  {
    id: 'networks.callFunction',
    method: 'POST',
    path: '/networks/:network/call-function',
    access: 'bearer',
    userAction: false,
    governs: 'nothing',
    built: false,
    response: z.unknown(),
    body: z.strictObject({
      contract: evmAddress,
      abi: z.strictObject({
        type: text(32),
        name: text(256),
        stateMutability: text(32),
        inputs: z.array(abiParameter),
        outputs: z.array(abiParameter),
      }),
      calldata: anyObject.optional(),
    }),
  },
];
