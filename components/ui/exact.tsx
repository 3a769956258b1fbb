'use client';

import { Tooltip as Base } from 'radix-ui';
import { createContext, type ReactNode, use, useState } from 'react';
import { classNames } from './class-names';
import { Tooltip, TooltipBubble } from './tooltip';

const Within = createContext(false);

/**
 * Around what is pressed as a whole, as a link or a row of a long table. Values in it are told exactly by hover and where it leads:
 * nothing that is pressed can stand within it, and a stop for Tab at every cell would be in the way.
 */
export const WithinLink = ({ children }: { children: ReactNode }) => <Within value>{children}</Within>;

type ExactProps = { content: ReactNode; children: ReactNode; className?: string | undefined };

/** A value in short, and what it is exactly: by hover, by focus, and by a click or touch. */
export const Exact = ({ content, children, className }: ExactProps) => {
  const isWithin = use(Within);
  const [isOpen, setOpen] = useState(false);
  if (isWithin)
    return (
      <Tooltip content={content}>
        <span className={className}>{children}</span>
      </Tooltip>
    );
  return (
    <Base.Root open={isOpen} onOpenChange={setOpen}>
      <Base.Trigger asChild>
        <button
          type="button"
          onClick={(event) => {
            // Or the click would close what it should open.
            event.preventDefault();
            setOpen(true);
          }}
          className={classNames(
            'max-w-full cursor-help rounded-sm text-left underline decoration-dotted decoration-line-strong underline-offset-4',
            className,
            // As high as what is touched has to be (WCAG 2.2, 2.5.8).
            'leading-6',
          )}
        >
          {children}
        </button>
      </Base.Trigger>
      <TooltipBubble>{content}</TooltipBubble>
    </Base.Root>
  );
};
