/** What a node said to raw bytes. Only `unavailable` speaks of the node; all others speak of the transaction. */
export type SendResult = {
  readonly kind: 'accepted' | 'known' | 'nonceTooLow' | 'underpriced' | 'insufficientFunds' | 'invalid' | 'unavailable';
  readonly message: string;
};

/** Words of geth, reth, erigon, nethermind, besu and anvil; no two say it alike. The first row that fits counts. */
const WORDS: readonly (readonly [SendResult['kind'], RegExp])[] = [
  [
    'known',
    /already known|already imported|known transaction|alreadyknown|already in (?:the )?(?:mem)?pool|already_exists/i,
  ],
  [
    'nonceTooLow',
    /nonce (?:is )?too low|oldnonce|nonce_too_low|nonce below|invalid nonce; got \d+, expected \d+ .*low/i,
  ],
  ['insufficientFunds', /insufficient (?:funds|balance)|insufficientfunds|upfront cost exceeds|upfront_cost_exceeds/i],
  [
    'underpriced',
    /underpriced|fee ?too ?low|less than block base fee|below current base fee|gas price (?:too low|below)|max fee per gas less/i,
  ],
  [
    'invalid',
    /invalid (?:chain ?id|sender|signature|transaction)|intrinsic gas|exceeds block gas limit|rlp|tx type not supported|gas limit/i,
  ],
];

/** Reads a node's refusal of raw bytes. What is not understood counts as the node's own trouble and is tried again. */
export const classifySendError = (message: string): SendResult => ({
  kind: WORDS.find(([, words]) => words.test(message))?.[0] ?? 'unavailable',
  message: message.slice(0, 300),
});

const ORDER: readonly SendResult['kind'][] = [
  'accepted',
  'known',
  'nonceTooLow',
  'insufficientFunds',
  'underpriced',
  'invalid',
  'unavailable',
];

/** Sums up what several endpoints said: one that took the bytes is enough. */
export const bestResult = (results: readonly SendResult[]): SendResult =>
  results.toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))[0] ?? {
    kind: 'unavailable',
    message: 'No endpoint is configured.',
  };
