import { expect, test } from 'vitest';
import { isCharacterKey, keepsKey } from './hotkey-rules';

const at = (tagName: string, role: string | null = null) => ({ tagName, role, hasLink: tagName === 'A' });

test('Enter and Space belong to the button, link, summary or tab that has the focus', () => {
  for (const key of ['Enter', ' ']) {
    for (const tagName of ['BUTTON', 'A', 'SUMMARY']) expect(keepsKey(key, at(tagName)), tagName).toBe(true);
    for (const role of ['button', 'link', 'tab', 'menuitem']) expect(keepsKey(key, at('DIV', role)), role).toBe(true);
  }
});

test('letters pressed on a button or link are keys of the page', () => {
  for (const tagName of ['BUTTON', 'A', 'SUMMARY']) expect(keepsKey('a', at(tagName))).toBe(false);
});

test('where something is typed or chosen no key belongs to the page', () => {
  for (const key of ['Enter', 'j', 'a', '/']) {
    for (const tagName of ['INPUT', 'TEXTAREA', 'SELECT']) expect(keepsKey(key, at(tagName))).toBe(true);
    for (const role of ['checkbox', 'combobox', 'radio', 'switch'])
      expect(keepsKey(key, at('BUTTON', role))).toBe(true);
    expect(keepsKey(key, { ...at('DIV'), isContentEditable: true })).toBe(true);
  }
});

test('where nothing has the focus every key belongs to the page', () => {
  for (const tagName of ['BODY', 'MAIN', 'DIV', 'TD']) expect(keepsKey('Enter', at(tagName))).toBe(false);
});

test('letters, signs and pairs of them are character keys; Enter, Escape and chords are none', () => {
  for (const keys of ['a', '/', '?', 'g a', 'g ,']) expect(isCharacterKey(keys), keys).toBe(true);
  for (const keys of ['Enter', 'Escape', '⌘K']) expect(isCharacterKey(keys), keys).toBe(false);
});
