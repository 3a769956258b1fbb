import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { SignedAccept } from '@/lib/transport/accept';
import { type Hello, SignedAccept as SignedAcceptSchema } from '@/lib/transport/messages';
import type { Store } from './store';

/** States of a signing ceremony at this node; each is on the disk before the message of that state is sent. */
export type CeremonyState = 'ACCEPTED' | 'R1' | 'R2' | 'RELEASED' | 'DONE' | 'ABORTED';

/** What a node remembers of a ceremony it accepted. `nonce` is its own contribution and names the row until there is a ceremony id. */
export type AcceptedCeremony = {
  readonly nonce: string;
  readonly orgId: string;
  readonly activityId: string;
  readonly bundleHash: string;
  readonly digest: string;
  readonly pin: string;
};

/** What a peer's acceptance shows of its own counter, under its signing key; `signed` is that acceptance. */
export type PeerCounter = {
  readonly node: number;
  readonly key: string;
  readonly counter: number;
  readonly signed?: SignedAccept;
};

/** The ceremony journal: no secret, no resumption, one pin per activity (specification 7.4). */
export type Journal = {
  /** Writes ACCEPTED and draws this node's next counter. */
  accept(ceremony: AcceptedCeremony): { readonly counter: number };
  /**
   * Notes the peers' counters, gives the ceremony its id, once, and moves it to R1, in one write. Refused when a counter or the id was
   * used before; the counters stay noted also then.
   */
  begin(nonce: string, ceremonyId: string, counters?: readonly PeerCounter[]): Outcome<null>;
  /** Moves on to a later state. @throws when the ceremony is over or would go back: the caller then sends nothing. */
  advance(nonce: string, state: 'R2' | 'DONE', result?: string): void;
  abort(nonce: string, reason: string): void;
  /** Whether releasing this would break the pin rule of what was released before. `freed`: that activity no longer holds its pin. */
  judgeRelease(ceremony: AcceptedCeremony, freed: (activityId: string) => boolean): Outcome<null>;
  /** Writes RELEASED, and with a cancel also the promise never to release the activity it cancels. */
  release(nonce: string, cancels?: { readonly orgId: string; readonly activityId: string }): void;
  /** Notes a ceremony id that no later ceremony may have. @returns false when it was used. */
  claim(ceremonyId: string): boolean;
  /** Takes up counting well above a counter that peers remember. In the caller's transaction. */
  goOnAbove(counter: number): void;
  /** Own counter, and the highest seen of each peer key. */
  counter(): number;
  highestSeen(key: string): number;
  /** Notes a counter of a peer, and the acceptance that shows it. @returns false when it was seen, or is so old that it can't be told. */
  seeCounter(key: string, counter: number, signed?: SignedAccept): boolean;
  /** Of each peer the acceptance with the highest counter: what proves to it that its store is an old copy. */
  acceptances(): NonNullable<Hello['acceptances']>;
  state(nonce: string): CeremonyState | null;
};

const ORDER: readonly CeremonyState[] = ['ACCEPTED', 'R1', 'R2', 'RELEASED', 'DONE'];
/** How far ceremonies that run at the same time may overtake each other. */
const COUNTER_WINDOW = 256;

export const createJournal = (store: Store, clock: () => number): Journal => {
  // Ceremony secrets died with the last process: nothing is resumed. That something was released stays known.
  store.run("UPDATE ceremony SET state = 'ABORTED', result = 'restart' WHERE state NOT IN ('DONE', 'ABORTED')");

  const state = (nonce: string): CeremonyState | null =>
    (store.get('SELECT state FROM ceremony WHERE nonce = ?', nonce)?.state as CeremonyState | undefined) ?? null;
  const counter = (): number => Number(store.get("SELECT value FROM setting WHERE name = 'counter'")?.value ?? 0);
  const move = (
    nonce: string,
    to: CeremonyState,
    from: readonly CeremonyState[],
    result: string | null = null,
  ): void => {
    const changes = store.run(
      `UPDATE ceremony SET state = ?, result = ?, released = MAX(released, ?), at = ? WHERE nonce = ? AND state IN (${from.map((s) => `'${s}'`).join(', ')})`,
      to,
      result,
      to === 'RELEASED' ? 1 : 0,
      clock(),
      nonce,
    );
    if (changes !== 1) throw new Error(`A ceremony in state ${state(nonce)} can't become ${to}.`);
  };
  const claim = (ceremonyId: string): boolean =>
    store.run('INSERT OR IGNORE INTO used_ceremony (ceremony) VALUES (?)', ceremonyId) === 1;

  const highestSeen = (key: string): number =>
    Number(store.get('SELECT MAX(counter) AS highest FROM peer_counter WHERE key = ?', key)?.highest ?? 0);
  const see = (key: string, value: number, signed?: SignedAccept): boolean => {
    const highest = highestSeen(key);
    if (value <= highest - COUNTER_WINDOW) return false;
    if (store.run('INSERT OR IGNORE INTO peer_counter (key, counter) VALUES (?, ?)', key, value) !== 1) return false;
    store.run(
      'DELETE FROM peer_counter WHERE key = ? AND counter <= ?',
      key,
      Math.max(value, highest) - COUNTER_WINDOW,
    );
    if (signed && value > highest)
      store.run(
        'INSERT OR REPLACE INTO peer_accept (key, counter, signed) VALUES (?, ?, ?)',
        key,
        value,
        JSON.stringify(signed),
      );
    return true;
  };

  return {
    accept: (ceremony) =>
      store.transaction(() => {
        const next = counter() + 1;
        store.run("INSERT OR REPLACE INTO setting (name, value) VALUES ('counter', ?)", String(next));
        store.run(
          "INSERT INTO ceremony (nonce, org, activity, bundle, digest, pin, counter, at, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'ACCEPTED')",
          ceremony.nonce,
          ceremony.orgId,
          ceremony.activityId,
          ceremony.bundleHash,
          ceremony.digest,
          ceremony.pin,
          next,
          clock(),
        );
        return { counter: next };
      }),
    begin: (nonce, ceremonyId, counters = []) =>
      store.transaction(() => {
        const old = counters.filter(({ key, counter: shown, signed }) => !see(key, shown, signed));
        if (old[0])
          return refused(
            409,
            'signer.counter',
            `Node ${old[0].node} shows a counter that was used before: its store may be an old copy.`,
          );
        if (!claim(ceremonyId)) return refused(409, 'signer.ceremony_used', 'A ceremony of this id took place before.');
        store.run('UPDATE ceremony SET ceremony = ? WHERE nonce = ?', ceremonyId, nonce);
        move(nonce, 'R1', ['ACCEPTED']);
        return accepted(null);
      }),
    advance: (nonce, to, result) => move(nonce, to, ORDER.slice(1, ORDER.indexOf(to)), result ?? null),
    abort: (nonce, reason) => {
      store.run(
        "UPDATE ceremony SET state = 'ABORTED', result = ?, at = ? WHERE nonce = ? AND state NOT IN ('DONE', 'ABORTED')",
        reason,
        clock(),
        nonce,
      );
    },
    judgeRelease: (ceremony, freed) => {
      const own = store.all(
        'SELECT DISTINCT pin FROM ceremony WHERE org = ? AND activity = ? AND released = 1',
        ceremony.orgId,
        ceremony.activityId,
      );
      if (own.some((row) => row.pin !== ceremony.pin)) {
        return refused(409, 'signer.second_pin', 'This node has released the activity under another pin.');
      }
      const others = store.all(
        'SELECT DISTINCT activity FROM ceremony WHERE org = ? AND pin = ? AND activity <> ? AND released = 1',
        ceremony.orgId,
        ceremony.pin,
        ceremony.activityId,
      );
      const holder = others.find((row) => !freed(String(row.activity)));
      return holder
        ? refused(409, 'signer.pin_released', `This node has released ${holder.activity} under the same pin.`)
        : accepted(null);
    },
    release: (nonce, cancels) =>
      store.transaction(() => {
        move(nonce, 'RELEASED', ['R1', 'R2']);
        if (!cancels) return;
        store.run(
          "INSERT OR IGNORE INTO promise (org, activity, kind, at) VALUES (?, ?, 'cancel', ?)",
          cancels.orgId,
          cancels.activityId,
          clock(),
        );
      }),
    claim,
    goOnAbove: (seen) => {
      const next = Math.max(counter(), seen + COUNTER_WINDOW);
      store.run("INSERT OR REPLACE INTO setting (name, value) VALUES ('counter', ?)", String(next));
    },
    counter,
    highestSeen,
    seeCounter: (key, value, signed) => store.transaction(() => see(key, value, signed)),
    acceptances: () =>
      store
        .all('SELECT signed FROM peer_accept ORDER BY key LIMIT 64')
        .map((row) => SignedAcceptSchema.parse(JSON.parse(String(row.signed)))),
    state,
  };
};
