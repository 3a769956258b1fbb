import type { Params, Query } from './path';

export type ReadInput = { readonly params?: Params; readonly query?: Query };

/** Reads from the API by an operation of the contract table. @throws {ReadRefusedError} when the server refuses. */
export type Read = (operationId: string, input?: ReadInput) => Promise<unknown>;

/** The server would not show what a check needs. */
export class ReadRefusedError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = 'ReadRefusedError';
  }
}

/** What is read, or null when the reader may not see it: then it is the server's word, and the signers alone check it. */
export const readIfAllowed = async <T>(read: Read, operationId: string, input: ReadInput): Promise<T | null> => {
  try {
    return (await read(operationId, input)) as T;
  } catch (cause) {
    if (cause instanceof ReadRefusedError && cause.status === 403) return null;
    throw cause;
  }
};
