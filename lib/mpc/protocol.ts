/** A signer's number inside a ceremony: 1..16, one byte on the wire. */
export type PartyId = number;

/** A message the machine wants sent. `'all'` means every other party gets the same bytes. */
export type Outgoing = { to: PartyId | 'all'; round: number; body: Uint8Array };

/** A message the transport has authenticated: `from` is proven, the body is not yet trusted. */
export type Incoming = { from: PartyId; round: number; body: Uint8Array };

/**
 * Why a ceremony ended without a result.
 * - `retryable`: nobody cheated; start again under a new ceremony id with new randomness.
 * - `unattributed`: somebody may have cheated; signed messages are the evidence. `peers` are suspects, possibly none.
 * - `burn`: the pair set-ups this party shares with `peers` must be burned durably before anything else is answered.
 */
export type Abort = {
  class: 'retryable' | 'unattributed' | 'burn';
  code: string;
  peers: PartyId[];
  message: string;
};

/** What a protocol machine says after each input. */
export type Step<R> =
  | { status: 'running'; out: Outgoing[] }
  | { status: 'ready'; out: Outgoing[] }
  | { status: 'done'; out: Outgoing[]; result: R }
  | { status: 'aborted'; out: []; abort: Abort };

/**
 * A ceremony as a pure state machine.
 * Messages of later rounds are buffered. Messages from strangers, of unknown or past rounds, and duplicates are dropped:
 * the step is then `running` with nothing to send. After the end every call repeats the final status with nothing to send.
 */
export type Protocol<R> = {
  start(): Step<R>;
  receive(message: Incoming): Step<R>;
};

/** A protocol whose last message is withheld: after `ready` the caller journals, judges again, then calls `release`. */
export type WithheldProtocol<R> = Protocol<R> & {
  /** Emits the withheld message. @throws when the machine is not `ready`, or has released before. */
  release(): Step<R>;
};

/** Source of uniform random bytes: `random(n)` returns exactly n fresh bytes. */
export type RandomSource = (length: number) => Uint8Array;
