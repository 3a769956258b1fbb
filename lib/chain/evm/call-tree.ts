import type { AbiFunction, Hex } from 'viem';
import { decodeFunctionData, encodeFunctionData, toFunctionSelector } from 'viem/utils';
import { checksummed } from '../checksum';
import { parseAddress } from '../hex';
import type { Call } from './call';
import { dangersOf, type Told } from './call-dangers';
import { KNOWN_FUNCTIONS } from './signatures';

/** A call as its bytes say it, and the calls its arguments ask for in turn. */
export type CallNode = {
  /** A delegated call runs the code of `to` as the contract that makes it; a creation has no `to`. */
  readonly kind: Told['kind'];
  readonly to: string | null;
  /** Native coin that goes along, base units. */
  readonly value: string;
  /** Lower-case hex with 0x. */
  readonly data: string;
  /** First four bytes of the data; null without any. */
  readonly selector: string | null;
  /** Null where the selector is not in the table, or the bytes don’t fit its arguments. Values as people read them, integers in decimal. */
  readonly called: Told['called'];
  /** Whether the data says nothing that is understood here. */
  readonly isUnknown: boolean;
  /** Sentences on what is dangerous in it. */
  readonly dangers: readonly string[];
  readonly calls: readonly CallNode[];
  /** Whether it holds more calls than are read here. */
  readonly isCut: boolean;
};

type Inner = Call & { readonly kind: Told['kind'] };

const DEEPEST = 6;
const MOST = 100;

const BY_SELECTOR = new Map<string, AbiFunction>(KNOWN_FUNCTIONS.map((item) => [toFunctionSelector(item), item]));

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const isObject = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === 'object' && value !== null && !isList(value);
const isHex = (value: unknown): value is Hex => typeof value === 'string' && /^0x[0-9a-f]*$/i.test(value);

const textOf = (value: unknown): string => {
  if (isList(value)) return `[${value.map(textOf).join(', ')}]`;
  if (!isObject(value)) return String(value);
  const members = Object.entries(value).map(([name, one]) => `${name}: ${textOf(one)}`);
  return `{${members.join(', ')}}`;
};

const callTo = (to: unknown, value: unknown, data: unknown, kind: Inner['kind'] = 'call'): readonly Inner[] => {
  const address = parseAddress(to);
  return address && isHex(data) ? [{ kind, to: address, value: typeof value === 'bigint' ? value : 0n, data }] : [];
};

/** Safe's packed list: operation (1 byte), to (20), value (32), length (32), data; null where it does not come out even. */
const readMultiSend = (packed: Hex): readonly Inner[] | null => {
  const bytes = packed.slice(2).toLowerCase();
  const calls: Inner[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [, operation, to, value, length] =
      /^(00|01)([0-9a-f]{40})([0-9a-f]{64})([0-9a-f]{64})/.exec(bytes.slice(at, at + 170)) ?? [];
    const end = at + 170 + Number(BigInt(`0x${length ?? '0'}`)) * 2;
    if (to === undefined || end > bytes.length) return null;
    const kind = operation === '01' ? 'delegatecall' : 'call';
    calls.push({ kind, to: `0x${to}`, value: BigInt(`0x${value}`), data: `0x${bytes.slice(at + 170, end)}` });
    at = end;
  }
  return calls;
};

const listOf = (value: unknown): readonly unknown[] => (isList(value) ? value : []);

/** The calls that the arguments of a function ask for; null where they can't be read. */
const innerCalls = (name: string, args: readonly unknown[], to: Hex): readonly Inner[] | null => {
  const isDelegated = args[3] === 1 ? 'delegatecall' : 'call';
  switch (name) {
    case 'multicall':
      // Delegated by the contract to its own code, so like a call to it.
      return listOf(args.at(-1)).flatMap((data) => callTo(to, 0n, data));
    case 'aggregate':
    case 'tryAggregate':
    case 'aggregate3':
    case 'aggregate3Value':
      return listOf(args.at(-1)).flatMap((one) =>
        isObject(one) ? callTo(one['target'], one['value'], one['callData']) : [],
      );
    case 'execute':
      return callTo(args[0], args[1], args[2]);
    case 'executeBatch':
      return listOf(args[0]).flatMap((one, at) => callTo(one, listOf(args[1])[at], listOf(args[2])[at] ?? '0x'));
    case 'execTransaction':
    case 'execTransactionFromModule':
      return callTo(args[0], args[1], args[2], isDelegated);
    case 'upgradeToAndCall':
      return args[1] === '0x' ? [] : callTo(args[0], 0n, args[1], 'delegatecall');
    case 'multiSend':
      return isHex(args[0]) ? readMultiSend(args[0]) : null;
    default:
      return [];
  }
};

type Decoded = {
  readonly called: NonNullable<Told['called']>;
  readonly args: readonly unknown[];
  readonly isExact: boolean;
};

const decode = (data: Hex): Decoded | null => {
  const item = BY_SELECTOR.get(data.slice(0, 10));
  if (!item) return null;
  try {
    const abi = [item];
    const args: readonly unknown[] = decodeFunctionData({ abi, data }).args ?? [];
    const named = item.inputs.map(({ name = '', type }, at) => ({ name, type, value: textOf(args[at]) }));
    const isExact = encodeFunctionData({ abi, functionName: item.name, args }) === data;
    return { called: { name: item.name, arguments: named }, args, isExact };
  } catch {
    return null;
  }
};

const nodeOf = ({ kind, to, value, data }: Inner, depth: number, left: { nodes: number }): CallNode => {
  const decoded = to === null ? null : decode(data);
  const found = decoded && to ? innerCalls(decoded.called.name, decoded.args, to) : [];
  const inside = found ?? [];
  const isCut = inside.length > 0 && (depth === 0 || inside.length > left.nodes);
  if (!isCut) left.nodes -= inside.length;
  return {
    kind,
    to: to && checksummed(to),
    value: value.toString(),
    data,
    selector: to !== null && data.length >= 10 ? data.slice(0, 10) : null,
    called: decoded?.called ?? null,
    isUnknown: to !== null && data !== '0x' && decoded === null,
    dangers: dangersOf({
      kind,
      called: decoded?.called ?? null,
      isExact: decoded?.isExact ?? true,
      isUnreadable: found === null,
    }),
    calls: isCut ? [] : inside.map((one) => nodeOf(one, depth - 1, left)),
    isCut,
  };
};

/**
 * Reads a call and all calls in its arguments, as far as the functions are known here. For people to read: policies conclude nothing
 * from it, because a contract may do anything under a known name.
 */
export const readCallTree = (call: Call): CallNode =>
  nodeOf({ ...call, kind: call.to === null ? 'create' : 'call' }, DEEPEST, { nodes: MOST });
