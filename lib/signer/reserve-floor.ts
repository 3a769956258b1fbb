import type { Store } from './store';

type Heads = { readonly [orgId: string]: number };

/**
 * Below which entry of each ledger this node can't know what it promised or released: what its store held before it was lost or rolled back.
 * Entries are compared by their numbers. SECURITY: not by their times, which the server writes: a reserve dated ahead would pass for a later one.
 */
export type ReserveFloor = {
  /** The ledger's last entry when this node came back from quarantine; −1 for a ledger that began since; null where it never came back. */
  recovered(orgId: string): number | null;
  /** The last entry at or below which it promises to abandon nothing. */
  abandons(orgId: string): number;
  /** Told, inside its transaction, that the node comes back, with everything caught up. */
  comeBack(): void;
  /** Told how far a peer in force holds ledgers; of each peer the first word counts that this store hears. */
  hear(peerKey: string, heads: { readonly [orgId: string]: { readonly seq: number } }): void;
};

export const createReserveFloor = (store: Store): ReserveFloor => {
  const read = <T>(name: string): T | null => {
    const value = store.get('SELECT value FROM setting WHERE name = ?', name)?.value;
    return value === undefined ? null : (JSON.parse(String(value)) as T);
  };
  const write = (name: string, value: object): void =>
    void store.run('INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)', name, JSON.stringify(value));
  const ownHeads = (): Heads =>
    Object.fromEntries(
      store
        .all('SELECT org, MAX(seq) AS seq FROM entry GROUP BY org')
        .map(({ org, seq }) => [String(org), Number(seq)] as const),
    );

  // A store of an earlier version holds entries already: it is as old as they are, and where it came back it did so before its own heads.
  const isKnown = read<Heads>('floorHeads') !== null;
  const isFresh = store.get('SELECT 1 AS yes FROM entry LIMIT 1') === undefined;
  if (!isKnown) {
    store.transaction(() => {
      write('floorHeads', {});
      if (isFresh) write('floorHeardFrom', []);
      const cameBack = store.get("SELECT value FROM setting WHERE name = 'recoveredAt'") !== undefined;
      if (cameBack) write('recoveredHeads', ownHeads());
    });
  }

  const recovered: ReserveFloor['recovered'] = (orgId) => {
    const heads = read<Heads>('recoveredHeads');
    return heads && (heads[orgId] ?? -1);
  };
  return {
    recovered,
    abandons: (orgId) => Math.max(recovered(orgId) ?? -1, read<Heads>('floorHeads')?.[orgId] ?? -1),
    comeBack: () => write('recoveredHeads', ownHeads()),
    hear: (peerKey, heads) => {
      const heardFrom = read<string[]>('floorHeardFrom');
      if (heardFrom === null || heardFrom.includes(peerKey)) return;
      const floor = { ...read<Heads>('floorHeads') };
      for (const [orgId, { seq }] of Object.entries(heads)) floor[orgId] = Math.max(floor[orgId] ?? -1, seq);
      store.transaction(() => {
        write('floorHeads', floor);
        write('floorHeardFrom', [...heardFrom, peerKey]);
      });
    },
  };
};
