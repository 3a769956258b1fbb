import { type AbiFunction, BaseError, type Hex } from 'viem';
import { decodeFunctionResult, encodeFunctionData } from 'viem/utils';
import type { Json } from '@/lib/domain/canonical-json';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';

/** A function that only reads, as its Solidity ABI says. */
export type ReadFunction = {
  readonly type: 'function';
  readonly name: string;
  readonly stateMutability: 'view' | 'pure';
  readonly inputs: readonly { readonly name: string; readonly type: string }[];
  readonly outputs: readonly { readonly name: string; readonly type: string }[];
};
/** Arguments in order, or by the names of the inputs. */
export type ReadArguments = readonly unknown[] | { readonly [name: string]: unknown };

/** Call data (hex with 0x) of a call; refused where the ABI or the arguments don't fit each other. */
export const encodeRead = (abi: ReadFunction, given: ReadArguments = []): Outcome<string> => {
  const args = isList(given) ? given : abi.inputs.map(({ name }) => given[name]);
  try {
    return accepted(encodeFunctionData({ abi: [abi as AbiFunction], functionName: abi.name, args }));
  } catch (error) {
    const why = error instanceof BaseError ? error.shortMessage : 'the ABI can’t be read';
    return refused(400, 'chain.arguments', `The arguments in calldata don’t fit the inputs of ${abi.name}: ${why}`);
  }
};

/** What the function answered, as JSON: integers as decimal strings. Several outputs are a list, or an object where all have names. */
export const decodeRead = (abi: ReadFunction, data: string): Outcome<Json> => {
  try {
    const found: unknown = decodeFunctionResult({
      abi: [abi as AbiFunction],
      functionName: abi.name,
      data: data as Hex,
    });
    const values = abi.outputs.length > 1 && isList(found) ? named(abi, found) : found;
    return accepted(toJson(values));
  } catch {
    return refused(422, 'chain.answer', `What answers at this address is not ${abi.name} with these outputs.`);
  }
};

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

const named = ({ outputs }: ReadFunction, values: readonly unknown[]): unknown =>
  outputs.every(({ name }) => name !== '') && new Set(outputs.map(({ name }) => name)).size === outputs.length
    ? Object.fromEntries(outputs.map(({ name }, i) => [name, values[i]]))
    : values;

/** Integers of any size have no number in JSON. */
const toJson = (value: unknown): Json => {
  if (typeof value === 'bigint') return value.toString();
  if (isList(value)) return value.map(toJson);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, toJson(one)]));
  if (typeof value === 'number') return value.toString();
  return typeof value === 'string' || typeof value === 'boolean' ? value : null;
};
