import type { ComponentProps } from 'react';
import { classNames } from './class-names';

const BOX =
  'w-full rounded-md border border-line-strong bg-surface px-2.5 text-sm text-ink transition-colors hover:border-faint aria-invalid:border-bad disabled:cursor-not-allowed disabled:bg-sunken disabled:text-faint';

export const Input = ({ className, mono, ...rest }: ComponentProps<'input'> & { mono?: boolean }) => (
  <input
    autoComplete="off"
    spellCheck={false}
    className={classNames(BOX, 'h-8', mono && 'font-mono text-xs', className)}
    {...rest}
  />
);

export const Textarea = ({ className, mono, ...rest }: ComponentProps<'textarea'> & { mono?: boolean }) => (
  <textarea
    spellCheck={!mono}
    className={classNames(BOX, 'thin-scroll min-h-16 py-1.5', mono && 'font-mono text-xs leading-5', className)}
    {...rest}
  />
);
