import type { ScreenedTransfer } from '@/lib/evidence/screening';
import type { Finding, Screening, ScreeningVendor } from '@/lib/policy/screening';

/** What a source is asked: a transfer, and under which name the vendor groups it. */
export type ScreeningQuery = {
  readonly transfer: ScreenedTransfer;
  /** The other side: who receives what goes out, who sent what came in. */
  readonly counterparty: string;
  readonly userId: string;
};

export type ProviderAnswer =
  | {
      readonly outcome: 'screened';
      readonly findings: readonly Finding[];
      readonly score?: number;
      readonly message?: Screening['message'];
    }
  | { readonly outcome: 'unsupportedNetwork' | 'unsupportedAsset' }
  | { readonly outcome: 'failed'; readonly reason: string };

/** One source of screenings. Whatever goes wrong while it is asked, a thrown error included, is `failed`. */
export type ScreeningProvider = {
  readonly name: string;
  readonly vendor: ScreeningVendor;
  /** Host that is asked, or the file that is read; shown to operators. Never a key. */
  readonly where: string;
  /** Of a list: the day it was made, YYYY-MM-DD. */
  readonly asOf?: () => string | null;
  readonly screen: (query: ScreeningQuery, signal: AbortSignal) => Promise<ProviderAnswer>;
  /**
   * Tells the vendor in which transaction a transfer it screened went out, where it keeps that. Told twice it is one transfer to the vendor.
   * Resolves once the vendor has it, or can't take it for good. @throws {ScreeningError} when it has to be told again.
   */
  readonly registerSent?: (query: ScreeningQuery & { readonly txHash: string }, signal: AbortSignal) => Promise<void>;
};

export const failed = (reason: string): ProviderAnswer => ({ outcome: 'failed', reason });

/** Why a source failed, in words that hold nothing of its answer but a status: bodies are not ours to repeat. */
export class ScreeningError extends Error {
  override readonly name = 'ScreeningError';
}
