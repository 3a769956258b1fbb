'use client';

import { useSyncExternalStore } from 'react';
import { Checkbox } from './checkbox';

const KEY = 'countersign.character-keys';
const listeners = new Set<() => void>();

/** Whether keys that are single characters do anything; kept in this browser, on unless they were switched off. */
export const areCharacterKeysOn = (): boolean => localStorage.getItem(KEY) !== 'off';

const listen = (listener: () => void) => {
  listeners.add(listener);
  window.addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', listener);
  };
};

/** The same, told again when it changes, in this window or another. */
export const useCharacterKeys = (): boolean => useSyncExternalStore(listen, areCharacterKeysOn, () => true);

const setCharacterKeys = (isOn: boolean) => {
  localStorage.setItem(KEY, isOn ? 'on' : 'off');
  for (const listener of listeners) listener();
};

/** Switches keys of one character off, for who speaks to the computer or hits keys by accident. */
export const CharacterKeysSwitch = () => (
  <Checkbox
    checked={useCharacterKeys()}
    onChange={setCharacterKeys}
    label="Single keys do things"
    note="Letters and signs alone, as “a” to approve. Off, only ⏎, Esc and ⌘K work, and nothing happens by a key that was hit or spoken by accident. Kept in this browser."
  />
);
