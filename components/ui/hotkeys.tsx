'use client';

import {
  createContext,
  type ReactNode,
  type RefObject,
  use,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { areCharacterKeysOn, useCharacterKeys } from './character-keys';
import { isCharacterKey, keepsKey } from './hotkey-rules';

/** Keys pressed one after the other ("g a") or one key; `label` and `group` are what the list of keys says. */
export type Hotkey = {
  readonly keys: string;
  readonly label: string;
  readonly group: string;
  readonly run: () => void;
  /** They work only while this can be seen: a list that stays mounted behind an editor hears nothing. */
  readonly where?: RefObject<Element | null>;
};

type Registry = { readonly add: (hotkeys: readonly Hotkey[]) => () => void; readonly list: readonly Hotkey[] };

const HotkeyContext = createContext<Registry | null>(null);

/** Whether the key is of what has the focus. */
const isKept = ({ target, key }: KeyboardEvent): boolean =>
  target instanceof HTMLElement &&
  keepsKey(key, {
    tagName: target.tagName,
    role: target.getAttribute('role'),
    isContentEditable: target.isContentEditable,
    hasLink: target.hasAttribute('href'),
    ...(target instanceof HTMLInputElement && { type: target.type }),
  });

const isSeen = ({ where }: Hotkey): boolean => !where || (where.current?.getClientRects().length ?? 0) > 0;

/** A dialog, menu or list box owns the keyboard while it is open. */
const isCovered = (): boolean => document.querySelector('[role="dialog"],[role="menu"],[role="listbox"]') !== null;

export const HotkeyProvider = ({ children }: { children: ReactNode }) => {
  const sets = useRef(new Map<symbol, readonly Hotkey[]>());
  const [list, setList] = useState<readonly Hotkey[]>([]);
  const pressed = useRef('');

  const add = useCallback((hotkeys: readonly Hotkey[]) => {
    const key = Symbol('hotkeys');
    sets.current.set(key, hotkeys);
    const publish = () => setList([...sets.current.values()].flat());
    publish();
    return () => {
      sets.current.delete(key);
      publish();
    };
  }, []);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
      if (isKept(event) || isCovered()) return;
      const typed = `${pressed.current} ${event.key}`.trim();
      // What was registered last is nearest to the person: the open page before the frame.
      const usable = [...sets.current.values()].flat().filter(isSeen);
      const all = usable.filter(({ keys }) => areCharacterKeysOn() || !isCharacterKey(keys)).reverse();
      const hit = all.find((one) => one.keys === typed) ?? all.find((one) => one.keys === event.key);
      clearTimeout(timer);
      if (hit) {
        pressed.current = '';
        event.preventDefault();
        hit.run();
        return;
      }
      pressed.current = all.some((one) => one.keys.startsWith(`${event.key} `)) ? event.key : '';
      timer = setTimeout(() => {
        pressed.current = '';
      }, 900);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);

  const registry = useMemo(() => ({ add, list }), [add, list]);
  return <HotkeyContext value={registry}>{children}</HotkeyContext>;
};

/** Every key that works on this page now. */
export const useHotkeyList = (): readonly Hotkey[] => {
  const isOn = useCharacterKeys();
  const list = use(HotkeyContext)?.list ?? [];
  return list.filter((one) => isSeen(one) && (isOn || !isCharacterKey(one.keys)));
};

/** Makes keys work while the component is shown. The functions may change from render to render. */
export const useHotkeys = (hotkeys: readonly Hotkey[]) => {
  const add = use(HotkeyContext)?.add;
  const latest = useRef(hotkeys);
  latest.current = hotkeys;
  const shape = JSON.stringify(hotkeys.map(({ keys, label, group }) => [keys, label, group]));
  useEffect(() => {
    const rows: readonly (readonly [string, string, string])[] = JSON.parse(shape);
    return add?.(
      rows.map(([keys, label, group], at) => {
        const where = latest.current[at]?.where;
        return { keys, label, group, run: () => latest.current[at]?.run(), ...(where && { where }) };
      }),
    );
  }, [add, shape]);
};
