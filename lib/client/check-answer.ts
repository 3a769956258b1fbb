import type { Operation } from '@/lib/contract/operation';
import { getOperation } from '@/lib/contract/table';
import { ClientError } from './client-error';

/**
 * Checks an answer against the operation's contract.
 * @throws {ClientError} when the server speaks another contract than this console was built with.
 */
export const checkedAnswer = <T>(operation: Operation, answer: unknown): T => {
  const parsed = operation.response?.safeParse(answer);
  if (parsed && !parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ClientError(
      0,
      `The answer of ${operation.method} ${operation.path} is not what this console understands (${issue?.path.join('.') || 'whole answer'}: ${issue?.message}). The console and the server may be of different versions; reload the page.`,
    );
  }
  return answer as T;
};

/** The same by the operation's id. @throws {ClientError} */
export const checkAnswer = (id: string, answer: unknown): void => {
  checkedAnswer(getOperation(id), answer);
};
