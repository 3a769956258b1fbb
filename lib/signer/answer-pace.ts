/** Answers leave only at multiples of this after the message they answer. */
export const BOUNDARY_MS = 5;

/**
 * Hides how long this node computed on its secrets (specification 4.12): what a round answers is computed completely, and leaves at the
 * next boundary counted from the arrival of the message that asked for it. Counted from there, not from a clock of its own, whose phase
 * would average out and show the mean. Where the event loop is busy with others an answer may leave later, never earlier.
 */
export type AnswerPace = {
  /** A message arrived and is computed on now. */
  arrived(): void;
  /** Does `send` at the next boundary, `laterMs` (a multiple of the boundary) after it; what is due first is done first, in order. */
  atBoundary(send: () => void, laterMs?: number): void;
};

export type PaceClock = {
  /** Monotonic, milliseconds with fractions. */
  readonly now: () => number;
  /** Whole milliseconds at the least, as timers are; 0: at the next turn of the event loop. */
  readonly after: (timeMs: number, work: () => void) => void;
};

const processClock: PaceClock = {
  now: () => performance.now(),
  after: (timeMs, work) => void (timeMs > 0 ? setTimeout(work, timeMs) : setImmediate(work)),
};

export const createAnswerPace = ({ now, after }: PaceClock = processClock): AnswerPace => {
  let arrival = now();
  const held: { readonly due: number; readonly send: () => void }[] = [];

  const wait = (): void => {
    const next = held[0];
    // A timer is late by up to a millisecond, by how much the moment tells at which it was set: turns of the event loop make up the rest.
    if (next) after(Math.max(0, Math.floor(next.due - now()) - 1), drain);
  };
  const drain = (): void => {
    for (let next = held[0]; next && next.due <= now(); next = held[0]) {
      held.shift();
      next.send();
    }
    wait();
  };

  return {
    arrived: () => {
      arrival = now();
    },
    atBoundary: (send, laterMs = 0) => {
      const steps = Math.floor((now() - arrival) / BOUNDARY_MS) + 1;
      const due = arrival + steps * BOUNDARY_MS + laterMs;
      const place = held.findIndex((other) => other.due > due);
      held.splice(place < 0 ? held.length : place, 0, { due, send });
      if (held[0]?.send === send) wait();
    },
  };
};
