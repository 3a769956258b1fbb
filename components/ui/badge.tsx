import { cva, type VariantProps } from 'class-variance-authority';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names';

const badge = cva(
  'inline-flex h-5 max-w-full items-center gap-1 whitespace-nowrap rounded-sm px-1.5 font-medium text-xs',
  {
    variants: {
      tone: {
        neutral: 'bg-sunken text-muted',
        pending: 'bg-pending-wash text-pending',
        good: 'bg-good-wash text-good',
        bad: 'bg-bad-wash text-bad',
        frozen: 'bg-frozen-wash text-frozen',
      },
    },
    defaultVariants: { tone: 'neutral' },
  },
);

export type Tone = NonNullable<VariantProps<typeof badge>['tone']>;

/** A status is always an icon and a word; colour only repeats what they say. */
export const Badge = ({
  tone,
  icon: Icon,
  children,
  className,
}: {
  tone?: Tone;
  icon?: LucideIcon;
  children: ReactNode;
  className?: string;
}) => (
  <span className={classNames(badge({ tone }), className)}>
    {Icon && <Icon aria-hidden className="size-3 shrink-0" strokeWidth={2.25} />}
    <span className="truncate">{children}</span>
  </span>
);
