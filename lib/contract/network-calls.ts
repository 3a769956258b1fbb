import { z } from 'zod';
import { anyObject, evmAddress, text } from './fields';
import { networkName } from './network-name';
import type { Operation } from './operation';

const fees = z.object({ maxPriorityFeePerGas: z.string(), maxFeePerGas: z.string() });

/** Tuples within tuples, so deep and no deeper. */
const MOST_NESTED = 4;

/** As a Solidity ABI writes types. Short, since what reads one looks at it once for each pair of brackets: a long one would keep the server busy. */
const abiType = text(64).regex(/^[a-z]+\d*(?:\[\d*\])*$/, 'is not a type of a Solidity ABI');

type AbiParameter = { readonly name: string; readonly type: string; readonly components?: AbiParameter[] | undefined };
const abiParameter = (nested: number): z.ZodType<AbiParameter> => {
  const name = z.string().max(256);
  if (nested === 0)
    return z.object({ name, type: abiType.refine((type) => !type.startsWith('tuple'), 'is nested too deep') });
  return z.object({
    name,
    type: abiType,
    components: z
      .array(abiParameter(nested - 1))
      .max(100)
      .optional(),
  });
};
const abiParameters = z.array(abiParameter(MOST_NESTED)).max(100);

/** A function that only reads, as a Solidity ABI describes it. `calldata` holds its arguments in order, or by their names. */
export const callFunctionBody = z.strictObject({
  contract: evmAddress,
  abi: z.strictObject({
    type: z.literal('function', { error: 'must be "function"' }),
    name: text(256),
    stateMutability: z.enum(['view', 'pure'], { error: 'must be "view" or "pure": only reading is possible here' }),
    inputs: abiParameters,
    outputs: abiParameters,
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
