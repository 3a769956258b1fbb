import type { Note } from '@/lib/transport/messages';
import type { Relay } from '@/lib/transport/relay-server';

/** What the nodes say about running ceremonies, for whoever waits for it. */
export type CeremonyNotes = {
  /** Opens the relay for a ceremony and hears its notes; `node` has gone away: null. Returns the function that ends it. */
  open(
    ceremonyId: string,
    participants: readonly number[],
    hear: (node: number, note: CeremonyNote | null) => void,
  ): () => void;
  note(node: number, note: CeremonyNote): void;
  gone(node: number): void;
  /** Ceremonies a node takes part in at this moment. */
  busy(node: number): number;
};
export type CeremonyNote = Exclude<Note, { kind: 'status' }>;

/** The slower participants finish on their own from what is still under way. */
const LINGER_MS = 5_000;

export const createCeremonyNotes = (relay: () => Relay): CeremonyNotes => {
  const open = new Map<
    string,
    { readonly participants: readonly number[]; readonly hear: (node: number, note: CeremonyNote | null) => void }
  >();
  return {
    open: (ceremonyId, participants, hear) => {
      const close = relay().openCeremony(ceremonyId, participants);
      open.set(ceremonyId, { participants, hear });
      return () => {
        open.delete(ceremonyId);
        setTimeout(close, LINGER_MS).unref();
      };
    },
    note: (node, note) => {
      const found = open.get(note.ceremonyId);
      if (found?.participants.includes(node)) found.hear(node, note);
    },
    gone: (node) => {
      for (const { participants, hear } of [...open.values()]) if (participants.includes(node)) hear(node, null);
    },
    busy: (node) => [...open.values()].filter(({ participants }) => participants.includes(node)).length,
  };
};
