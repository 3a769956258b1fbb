/** One value that the server wants signed or shows, beside the one that was meant or computed here. */
export type Difference = { readonly what: string; readonly shown: string; readonly asked: string };

/** The server asked for a signature over something else than was meant. Nothing was signed. */
export class StatementDiffersError extends Error {
  constructor(readonly differences: readonly Difference[]) {
    super(
      `The server asked for a signature over something else: ${differences.map((one) => one.what).join(', ')} differ.`,
    );
    this.name = 'StatementDiffersError';
  }
}
