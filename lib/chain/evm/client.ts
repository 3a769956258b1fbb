import {
  AbiDecodingDataSizeTooSmallError,
  BaseError,
  ContractFunctionRevertedError,
  ContractFunctionZeroDataError,
  type Hex,
  type PublicClient,
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
  /**
   * What moved in the blocks: the native coin by transactions with a value, tokens by their ERC-20 logs. Addresses and hashes in lower
   * case. Whether a transaction succeeded is not looked at.
   */
  transfers(fromBlock: number, toBlock: number): Promise<readonly BlockTransfer[]>;
  /** Result of a read-only call. */
  call(to: string, data: string): Promise<string>;
};

/** A movement in a block. `place` is the index of a token's log in its block, -1 for the native coin, which has no `contract`. */
export type BlockTransfer = {
  readonly txHash: string;
  readonly place: number;
  readonly contract: string | null;
  readonly from: string;
  readonly to: string;
  readonly amount: string;
  readonly blockNumber: number;
  readonly blockTime: Date;
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
    transfers: (fromBlock, toBlock) => pool.ask((client) => transfersOf(client, fromBlock, toBlock)),
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

/** Hash of `Transfer(address,address,uint256)`. */
const TRANSFER_TOPIC = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';
const addressIn = (topic: string | undefined): string => `0x${(topic ?? '').slice(-40)}`.toLowerCase();

const transfersOf = async (client: PublicClient, fromBlock: number, toBlock: number): Promise<BlockTransfer[]> => {
  const numbers = Array.from({ length: toBlock - fromBlock + 1 }, (_, i) => BigInt(fromBlock + i));
  const [blocks, logs] = await Promise.all([
    Promise.all(numbers.map((blockNumber) => client.getBlock({ blockNumber, includeTransactions: true }))),
    client.request({
      method: 'eth_getLogs',
      params: [
        { fromBlock: `0x${fromBlock.toString(16)}`, toBlock: `0x${toBlock.toString(16)}`, topics: [TRANSFER_TOPIC] },
      ],
    }),
  ]);
  const times = new Map(blocks.map((block) => [Number(block.number), new Date(Number(block.timestamp) * 1000)]));
  const native = blocks.flatMap((block) =>
    block.transactions.flatMap((transaction): BlockTransfer[] =>
      transaction.to && transaction.value > 0n
        ? [
            {
              txHash: transaction.hash.toLowerCase(),
              place: -1,
              contract: null,
              from: transaction.from.toLowerCase(),
              to: transaction.to.toLowerCase(),
              amount: transaction.value.toString(),
              blockNumber: Number(block.number),
              blockTime: new Date(Number(block.timestamp) * 1000),
            },
          ]
        : [],
    ),
  );
  const tokens = logs.flatMap((log): BlockTransfer[] => {
    const blockNumber = Number(log.blockNumber);
    const blockTime = times.get(blockNumber);
    // Three topics and one word: an ERC-721 has its token in a fourth topic.
    if (log.topics.length !== 3 || log.data.length !== 66 || !log.transactionHash || !blockTime) return [];
    return [
      {
        txHash: log.transactionHash.toLowerCase(),
        place: Number(log.logIndex),
        contract: log.address.toLowerCase(),
        from: addressIn(log.topics[1]),
        to: addressIn(log.topics[2]),
        amount: BigInt(log.data).toString(),
        blockNumber,
        blockTime,
      },
    ];
  });
  return [...native, ...tokens].sort((a, b) => a.blockNumber - b.blockNumber || a.place - b.place);
};

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
