'use client';

import { Dialog as Base } from 'radix-ui';
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
import { Button } from './button';

type Typed = RefObject<{ readonly forget: () => void }>;
type Leave = (then: () => void) => void;
type Scope = { readonly add: (typed: Typed) => () => void; readonly leave: Leave };

const UnsavedContext = createContext<Scope | null>(null);

/** Tells the surrounding dialog or editor that something was typed which is not saved; `forget` takes it back. */
export const useUnsaved = (isDirty: boolean, forget: () => void) => {
  const add = use(UnsavedContext)?.add;
  const latest = useRef({ forget });
  latest.current = { forget };
  useEffect(() => (isDirty ? add?.(latest) : undefined), [isDirty, add]);
};

/** Leaves the surrounding editor: at once where nothing was typed, else when the reader says so. */
export const useLeave = (): Leave => use(UnsavedContext)?.leave ?? ((then) => then());

/** What is asked before something typed is thrown away. */
const Question = ({ onStay, onLeave }: { onStay: () => void; onLeave: () => void }) => (
  <Base.Root open onOpenChange={(open) => !open && onStay()}>
    <Base.Portal>
      <Base.Overlay className="fixed inset-0 z-60 bg-shade" />
      <Base.Content className="-translate-x-1/2 fixed top-[20vh] left-1/2 z-60 w-[calc(100vw-24px)] max-w-sm rounded-lg border border-line-strong bg-surface p-4 shadow-2xl">
        <Base.Title className="font-semibold text-base">Throw away what you typed?</Base.Title>
        <Base.Description className="mt-1 text-muted text-sm">Nothing of it was signed or saved.</Base.Description>
        <div className="mt-4 flex justify-end gap-2">
          <Button onClick={onStay}>Keep editing</Button>
          <Button look="danger" onClick={onLeave}>
            Throw it away
          </Button>
        </div>
      </Base.Content>
    </Base.Portal>
  </Base.Root>
);

type UnsavedScopeProps = {
  children: (leave: Leave) => ReactNode;
  /** For an editor that is a page: follows a link after the question; closing or reloading the tab asks too. */
  onLink?: (href: string) => void;
};

/** Around forms: nothing that was typed in them is lost by Escape, a stray click or a link without a question. */
export const UnsavedScope = ({ children, onLink }: UnsavedScopeProps) => {
  const all = useRef(new Set<Typed>());
  const [isHeld, setHeld] = useState(false);
  const [asked, setAsked] = useState<{ readonly then: () => void } | null>(null);
  const add = useCallback((typed: Typed) => {
    all.current.add(typed);
    setHeld(true);
    return () => {
      all.current.delete(typed);
      setHeld(all.current.size > 0);
    };
  }, []);
  const leave = useCallback<Leave>((then) => {
    if (all.current.size === 0) then();
    else setAsked({ then });
  }, []);
  const follow = useRef(onLink);
  follow.current = onLink;
  const isPage = onLink !== undefined;
  useEffect(() => {
    if (!isPage || !isHeld) return;
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
      if (!(link instanceof HTMLAnchorElement) || link.target || link.origin !== window.location.origin) return;
      if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      leave(() => follow.current?.(link.pathname + link.search));
    };
    window.addEventListener('beforeunload', onUnload);
    document.addEventListener('click', onClick, { capture: true });
    return () => {
      window.removeEventListener('beforeunload', onUnload);
      document.removeEventListener('click', onClick, { capture: true });
    };
  }, [isPage, isHeld, leave]);
  const scope = useMemo(() => ({ add, leave }), [add, leave]);
  return (
    <UnsavedContext value={scope}>
      {children(leave)}
      {asked && (
        <Question
          onStay={() => setAsked(null)}
          onLeave={() => {
            for (const typed of all.current) typed.current.forget();
            setAsked(null);
            asked.then();
          }}
        />
      )}
    </UnsavedContext>
  );
};
