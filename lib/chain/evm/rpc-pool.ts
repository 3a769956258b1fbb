import { BaseError, createPublicClient, http, type PublicClient } from 'viem';

/** One or more nodes of a network. Whoever answers with another chain id is left out until it answers with the right one. */
export type RpcPool = {
  /** Asks one endpoint after the other until one answers; an answer that is an error of the request itself is final. */
  readonly ask: <T>(question: (client: PublicClient) => Promise<T>) => Promise<T>;
  /**
   * Asks all and returns what more than half of the configured endpoints agree on; for decisions that can't be taken back.
   * @throws {RpcUnavailableError} without such a majority: that nobody answered is never an answer.
   */
  readonly agree: <T>(question: (client: PublicClient) => Promise<T>) => Promise<T>;
  /** Asks all and returns every outcome. */
  readonly all: <T>(question: (client: PublicClient) => Promise<T>) => Promise<readonly PromiseSettledResult<T>[]>;
};

const TIMEOUT_MS = 10_000;

/** @param urls HTTP endpoints, the most trusted first. */
export const createRpcPool = (urls: readonly string[], chainId: number): RpcPool => {
  const endpoints = urls.map((url) => checkedEndpoint(url, chainId));
  const all: RpcPool['all'] = (question) =>
    Promise.allSettled(endpoints.map(async (endpoint) => question(await endpoint())));
  return {
    all,
    ask: async (question) => {
      let last: unknown = new RpcUnavailableError('No endpoint is configured.');
      for (const endpoint of endpoints) {
        try {
          return await question(await endpoint());
        } catch (error) {
          if (isAnswer(error)) throw error;
          last = error;
        }
      }
      throw last;
    },
    agree: async <T>(question: (client: PublicClient) => Promise<T>) => {
      const votes = new Map<string, { count: number; value: T }>();
      for (const result of await all(question)) {
        if (result.status === 'rejected') continue;
        const key =
          JSON.stringify(result.value, (_name, value) => (typeof value === 'bigint' ? `${value}n` : value)) ?? '';
        votes.set(key, { value: result.value, count: (votes.get(key)?.count ?? 0) + 1 });
      }
      const winner = [...votes.values()].find(({ count }) => count * 2 > endpoints.length);
      if (!winner) throw new RpcUnavailableError('The endpoints do not agree or do not answer.');
      return winner.value;
    },
  };
};

/** The words of a node's refusal, or of the failure to reach it. */
export const messageOfError = (error: unknown): string => {
  if (error instanceof BaseError) return error.details || error.shortMessage;
  return error instanceof Error ? error.message : String(error);
};

export class RpcUnavailableError extends Error {
  override readonly name = 'RpcUnavailableError';
}

const checkedEndpoint = (url: string, chainId: number): (() => Promise<PublicClient>) => {
  const client = createPublicClient({ transport: http(url, { retryCount: 0, timeout: TIMEOUT_MS }), cacheTime: 0 });
  let isRight = false;
  return async () => {
    if (isRight) return client;
    const found = await client.getChainId();
    if (found !== chainId)
      throw new RpcUnavailableError(`An endpoint answers for chain ${found} instead of ${chainId}.`);
    isRight = true;
    return client;
  };
};

/** A node that ran the request and disliked it: another one would say the same. */
const isAnswer = (error: unknown): boolean =>
  error instanceof BaseError && error.walk((cause) => cause instanceof Error && isCallFailure(cause.message)) !== null;

/** Whether a node's words say that it ran the call and the call failed, as geth, reth, nethermind, besu and anvil put it. */
export const isCallFailure = (message: string): boolean =>
  /revert|insufficient|out of gas|gas required exceeds|invalid opcode|invalid jump|stack (?:under|over)flow|EVM error|execution (?:error|failed)/i.test(
    message,
  );
