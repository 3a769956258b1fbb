import { z } from 'zod';
import { anyObject, evmAddress, text } from './fields';
import { networkName } from './network-name';
import type { Operation } from './operation';

const fees = z.object({ maxPriorityFeePerGas: z.string(), maxFeePerGas: z.string() });
const abiParameter = z.object({ name: z.string(), type: z.string(), components: z.array(anyObject).optional() });

/** A function that only reads, as a Solidity ABI describes it. `calldata` holds its arguments in order, or by their names. */
export const callFunctionBody = z.strictObject({
  contract: evmAddress,
  abi: z.strictObject({
    type: z.literal('function', { error: 'must be "function"' }),
    name: text(256),
    stateMutability: z.enum(['view', 'pure'], { error: 'must be "view" or "pure": only reading is possible here' }),
    inputs: z.array(abiParameter).max(100),
    outputs: z.array(abiParameter).max(100),
  }),
  calldata: z.union([z.array(z.unknown()).max(100), anyObject]).optional(),
});

export const networkFees = z.object({
  kind: z.literal('Eip1559'),
  network: networkName,
  blockNumber: z.number().int(),
  baseFeePerGas: z.string(),
  slow: fees,
  standard: fees,
  fast: fees,
});

export const NETWORK_CALLS: readonly Operation[] = [
  {
    id: 'networks.getFees',
    method: 'GET',
    path: '/networks/fees',
    access: 'bearer',
    userAction: false,
    governs: 'nothing',
    built: true,
    query: z.object({ network: networkName }),
    response: networkFees,
  },
  {
    id: 'networks.callFunction',
    method: 'POST',
    path: '/networks/:network/call-function',
    access: 'bearer',
    userAction: false,
    governs: 'nothing',
    built: true,
    response: z.unknown(),
    body: callFunctionBody,
  },
];
