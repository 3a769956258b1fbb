import {
  AbiDecodingDataSizeTooSmallError,
  BaseError,
  ContractFunctionRevertedError,
  ContractFunctionZeroDataError,
  type Hex,
} from 'viem';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import { type FeeQuotes, quoteFees } from './fee-quote';
import type { EvmNetwork } from './networks';
import { createRpcPool, isCallFailure, messageOfError, type RpcPool } from './rpc-pool';
import { bestResult, classifySendError, type SendResult } from './send-result';

/** A mined transaction. `fee` in wei is what was paid, `canonical` whether its block is the one at that height now. */
export type Receipt = {
  readonly hash: string;
  readonly blockNumber: number;
  readonly blockHash: string;
  readonly succeeded: boolean;
  readonly fee: bigint;
};

/** Everything this platform asks of an EVM network's nodes; the only part of the chain room that dials. */
export type EvmClient = {
  readonly network: EvmNetwork;
  head(): Promise<number>;
  fees(): Promise<FeeQuotes & { readonly blockNumber: number; readonly baseFeePerGas: bigint }>;
  /** Refuses when the call would revert, with the node's reason. @throws when no node answers. */
  estimateGas(call: { from: string; to: string | null; value: bigint; data: string }): Promise<Outcome<bigint>>;
  balance(address: string): Promise<bigint>;
  /** Nonce of the next transaction to be mined. `finalized` as of the last block that can't be undone. */
  transactionCount(address: string, at?: 'latest' | 'finalized'): Promise<number>;
  /** Hash of the mined transaction with that nonce; null where the node can't look it up this way. */
  transactionHashAt(address: string, nonce: number): Promise<string | null>;
  /** Null where no token contract answers at the address. @throws when no node does. */
  tokenBalance(contract: string, holder: string): Promise<bigint | null>;
  /** `symbol` is absent where the contract has none that can be read. @throws when the contract has no decimals. */
  tokenMetadata(contract: string): Promise<{ readonly decimals: number; readonly symbol?: string }>;
  /** Offers the same bytes to every endpoint. Never throws. */
  sendRaw(raw: string): Promise<SendResult>;
  /** Null: a majority of the endpoints knows of none. @throws without a majority. */
  receipt(hash: string): Promise<Receipt | null>;
  /** Hash of the canonical block at the height, null above the head. @throws without a majority. */
  blockHash(blockNumber: number): Promise<string | null>;
  /** Height of the last finalised block; null where the nodes don't agree on one. */
  finalizedHead(): Promise<number | null>;
  /** Result of a read-only call. */
  call(to: string, data: string): Promise<string>;
};

const TOKEN = [
  {
    type: 'function',
    name: 'balanceOf',
    stateMutability: 'view',
    inputs: [{ type: 'address' }],
    outputs: [{ type: 'uint256' }],
  },
  { type: 'function', name: 'decimals', stateMutability: 'view', inputs: [], outputs: [{ type: 'uint8' }] },
  { type: 'function', name: 'symbol', stateMutability: 'view', inputs: [], outputs: [{ type: 'string' }] },
] as const;

/** Spoken by some nodes only, and by anvil. */
type BySenderAndNonce = {
  Method: 'eth_getTransactionBySenderAndNonce';
  Parameters: [address: Hex, nonce: Hex];
  ReturnType: { readonly hash: string } | null;
};

const hex = (value: string): Hex => value as Hex;

/** @param urls One or more HTTP endpoints, separated by commas or white space. */
export const createEvmClient = (network: EvmNetwork, urls: string): EvmClient => {
  const pool = createRpcPool(
    urls.split(/[\s,]+/).filter((url) => url !== ''),
    network.chainId,
  );
  return {
    network,
    head: () => pool.ask(async (client) => Number(await client.getBlockNumber())),
    fees: () =>
      pool.ask(async (client) => {
        const [block, tip] = await Promise.all([
          client.getBlock(),
          // A node without the method still has blocks: a tip of one gwei is understood everywhere.
          client.estimateMaxPriorityFeePerGas().catch(() => 1_000_000_000n),
        ]);
        const baseFeePerGas = block.baseFeePerGas ?? 0n;
        return { blockNumber: Number(block.number), baseFeePerGas, ...quoteFees(baseFeePerGas, tip) };
      }),
    estimateGas: async ({ from, to, value, data }) => {
      try {
        return accepted(
          await pool.ask((client) =>
            client.estimateGas({ account: hex(from), to: to === null ? null : hex(to), value, data: hex(data) }),
          ),
        );
      } catch (error) {
        const message = messageOfError(error);
        if (isCallFailure(message)) return refused(422, 'chain.would_fail', `The transaction would fail: ${message}`);
        throw error;
      }
    },
    balance: (address) => pool.ask((client) => client.getBalance({ address: hex(address) })),
    transactionCount: (address, at = 'latest') =>
      (at === 'finalized' ? pool.agree : pool.ask)((client) =>
        client.getTransactionCount({ address: hex(address), blockTag: at }),
      ),
    transactionHashAt: (address, nonce) =>
      pool
        .ask((client) =>
          client.request<BySenderAndNonce>({
            method: 'eth_getTransactionBySenderAndNonce',
            params: [hex(address), `0x${nonce.toString(16)}`],
          }),
        )
        .then(
          (found) => found?.hash ?? null,
          () => null,
        ),
    tokenBalance: (contract, holder) =>
      pool.ask((client) =>
        client
          .readContract({ address: hex(contract), abi: TOKEN, functionName: 'balanceOf', args: [hex(holder)] })
          .catch((error: unknown) => {
            if (isNoToken(error)) return null;
            throw error;
          }),
      ),
    tokenMetadata: async (contract) => {
      const read = { address: hex(contract), abi: TOKEN } as const;
      const decimals = await pool.ask((client) => client.readContract({ ...read, functionName: 'decimals' }));
      const symbol = await pool
        .ask((client) => client.readContract({ ...read, functionName: 'symbol' }))
        .catch(() => undefined);
      return { decimals, ...(symbol ? { symbol: symbol.slice(0, 32) } : {}) };
    },
    sendRaw: (raw) => sendRaw(pool, raw),
    receipt: (hash) =>
      pool.agree(async (client) => {
        const receipt = await client.request({ method: 'eth_getTransactionReceipt', params: [hex(hash)] });
        if (!receipt) return null;
        return {
          hash,
          blockNumber: Number(receipt.blockNumber),
          blockHash: receipt.blockHash,
          succeeded: receipt.status === '0x1',
          fee: BigInt(receipt.gasUsed) * BigInt(receipt.effectiveGasPrice),
        };
      }),
    blockHash: (blockNumber) =>
      pool.agree(async (client) => {
        const block = await client.request({
          method: 'eth_getBlockByNumber',
          params: [`0x${blockNumber.toString(16)}`, false],
        });
        return block?.hash ?? null;
      }),
    finalizedHead: async () => {
      const found = await pool
        .agree(
          async (client) =>
            (await client.request({ method: 'eth_getBlockByNumber', params: ['finalized', false] }))?.number ?? null,
        )
        .catch(() => null);
      return found === null ? null : Number(found);
    },
    call: async (to, data) => (await pool.ask((client) => client.call({ to: hex(to), data: hex(data) }))).data ?? '0x',
  };
};

/** The node ran the call: nothing is there, or what is there knows no `balanceOf`. */
const isNoToken = (error: unknown): boolean =>
  error instanceof BaseError &&
  error.walk(
    (cause) =>
      cause instanceof ContractFunctionZeroDataError ||
      cause instanceof ContractFunctionRevertedError ||
      cause instanceof AbiDecodingDataSizeTooSmallError,
  ) !== null;

const sendRaw = async (pool: RpcPool, raw: string): Promise<SendResult> => {
  const answers = await pool.all((client) => client.sendRawTransaction({ serializedTransaction: hex(raw) }));
  return bestResult(
    answers.map((answer) =>
      answer.status === 'fulfilled'
        ? { kind: 'accepted', message: answer.value }
        : classifySendError(messageOfError(answer.reason)),
    ),
  );
};
