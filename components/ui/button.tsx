import { cva, type VariantProps } from 'class-variance-authority';
import { LoaderCircle } from 'lucide-react';
import { Slot } from 'radix-ui';
import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { classNames } from './class-names';

const button = cva(
  'inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-colors disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      look: {
        primary: 'bg-accent text-accent-ink enabled:hover:bg-accent-hover',
        secondary: 'border border-line-strong bg-surface text-ink enabled:hover:bg-hover',
        quiet: 'text-muted enabled:hover:bg-hover enabled:hover:text-ink',
        danger: 'bg-bad-solid text-white enabled:hover:opacity-90',
        dangerQuiet: 'border border-line-strong bg-surface text-bad enabled:hover:bg-bad-wash',
      },
      size: {
        sm: 'h-7 px-2 text-xs',
        md: 'h-8 px-3 text-sm',
        lg: 'h-10 px-4 text-base',
        icon: 'size-7',
      },
    },
    defaultVariants: { look: 'secondary', size: 'md' },
  },
);

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> &
  VariantProps<typeof button> & { asChild?: boolean; busy?: boolean; children: ReactNode };

/** A verb. `busy` keeps the label and shows that work is under way. */
export const Button = ({ className, look, size, asChild, busy, disabled, children, type, ...rest }: ButtonProps) => {
  if (asChild)
    return (
      <Slot.Root className={classNames(button({ look, size }), className)} {...rest}>
        {children}
      </Slot.Root>
    );
  return (
    <button
      type={type ?? 'button'}
      className={classNames(button({ look, size }), className)}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      {...rest}
    >
      {busy && <LoaderCircle aria-hidden className="animate-spin" />}
      {children}
    </button>
  );
};
