'use client';

import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useRef, useState } from 'react';

/** Keys pressed one after the other ("g a") or one key; `label` and `group` are what the list of keys says. */
export type Hotkey = {
  readonly keys: string;
  readonly label: string;
  readonly group: string;
  readonly run: () => void;
};

type Registry = { readonly add: (hotkeys: readonly Hotkey[]) => () => void; readonly list: readonly Hotkey[] };

const HotkeyContext = createContext<Registry | null>(null);

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));

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
      if (isTyping(event.target) || isCovered()) return;
      const typed = `${pressed.current} ${event.key}`.trim();
      // What was registered last is nearest to the person: the open page before the frame.
      const all = [...sets.current.values()].flat().reverse();
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
export const useHotkeyList = (): readonly Hotkey[] => use(HotkeyContext)?.list ?? [];

/** Makes keys work while the component is shown. The functions may change from render to render. */
export const useHotkeys = (hotkeys: readonly Hotkey[]) => {
  const add = use(HotkeyContext)?.add;
  const latest = useRef(hotkeys);
  latest.current = hotkeys;
  const shape = JSON.stringify(hotkeys.map(({ keys, label, group }) => [keys, label, group]));
  useEffect(() => {
    const rows: readonly (readonly [string, string, string])[] = JSON.parse(shape);
    return add?.(
      rows.map(([keys, label, group], at) => ({ keys, label, group, run: () => latest.current[at]?.run() })),
    );
  }, [add, shape]);
};
