'use client';

import { X } from 'lucide-react';
import { Dialog as Base } from 'radix-ui';
import type { ReactNode } from 'react';
import { Button } from './button';
import { classNames } from './class-names';
import { UnsavedScope } from './unsaved';

type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  children: ReactNode;
  footer?: ReactNode;
  wide?: boolean;
};

const Head = ({ title, description }: { title: string; description?: ReactNode }) => (
  <header className="flex items-start gap-4 border-b px-4 py-3">
    <div className="min-w-0 flex-1">
      <Base.Title className="font-semibold text-base">{title}</Base.Title>
      {description ? (
        <Base.Description className="mt-0.5 text-muted text-sm">{description}</Base.Description>
      ) : (
        <Base.Description className="sr-only">{title}</Base.Description>
      )}
    </div>
    <Base.Close asChild>
      <Button look="quiet" size="icon" aria-label="Close">
        <X aria-hidden />
      </Button>
    </Base.Close>
  </header>
);

const Shade = () => (
  <Base.Overlay className="data-[state=open]:fade-in-0 fixed inset-0 z-40 bg-shade data-[state=open]:animate-in data-[state=open]:duration-100" />
);

/** The first thing to fill in gets the focus, not the button that closes. */
const focusFirst = (event: Event) => {
  const content = event.currentTarget;
  if (!(content instanceof HTMLElement)) return;
  const first = content.querySelector<HTMLElement>(
    '[data-body] :is(input, textarea, [role="combobox"]):not(:disabled), footer button:not(:disabled)',
  );
  if (!first) return;
  event.preventDefault();
  first.focus();
};

type RootProps = Pick<DialogProps, 'open' | 'onOpenChange' | 'children'>;

/** Escape, the cross and a click beside it close it; where something was typed, after a question. */
const Root = ({ open, onOpenChange, children }: RootProps) => (
  <UnsavedScope>
    {(leave) => (
      <Base.Root open={open} onOpenChange={(next) => (next ? onOpenChange(true) : leave(() => onOpenChange(false)))}>
        <Base.Portal>{children}</Base.Portal>
      </Base.Root>
    )}
  </UnsavedScope>
);

type PanelProps = Omit<DialogProps, 'wide'> & { className: string };

/** Head, body that scrolls, and foot; where it stands on the screen says the class. */
const Panel = ({ open, onOpenChange, title, description, children, footer, className }: PanelProps) => (
  <Root open={open} onOpenChange={onOpenChange}>
    <Shade />
    <Base.Content onOpenAutoFocus={focusFirst} className={className}>
      <Head title={title} description={description} />
      <div data-body className="thin-scroll min-h-0 flex-1 overflow-y-auto px-4 py-4">
        {children}
      </div>
      {footer && <footer className="flex items-center justify-end gap-2 border-t px-4 py-3">{footer}</footer>}
    </Base.Content>
  </Root>
);

/** A question in the middle of the screen. */
export const Dialog = ({ wide, ...panel }: DialogProps) => (
  <Panel
    {...panel}
    className={classNames(
      '-translate-x-1/2 fixed top-[8vh] left-1/2 z-50 flex max-h-[84vh] w-[calc(100vw-24px)] flex-col rounded-lg border border-line-strong bg-surface shadow-2xl data-[state=open]:fade-in-0 data-[state=open]:zoom-in-95 data-[state=open]:animate-in data-[state=open]:duration-100',
      wide ? 'max-w-2xl' : 'max-w-md',
    )}
  />
);

/** A form or evidence at the right edge, the page staying visible beside it. */
export const Drawer = ({ wide, ...panel }: DialogProps) => (
  <Panel
    {...panel}
    className={classNames(
      'data-[state=open]:slide-in-from-right-4 data-[state=open]:fade-in-0 fixed inset-y-0 right-0 z-50 flex w-full flex-col border-l border-line-strong bg-surface shadow-2xl data-[state=open]:animate-in data-[state=open]:duration-120',
      wide ? 'max-w-3xl' : 'max-w-lg',
    )}
  />
);
