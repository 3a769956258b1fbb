import { Check } from 'lucide-react';
import { classNames } from '@/components/ui/class-names';

/** Where one is in a row of steps. */
export const Steps = ({ labels, at }: { labels: readonly string[]; at: number }) => (
  <ol className="mb-5 space-y-1.5">
    {labels.map((label, index) => (
      <li
        key={label}
        aria-current={index === at ? 'step' : undefined}
        className={classNames('flex items-center gap-2', index === at ? 'font-medium' : 'text-faint')}
      >
        <span
          className={classNames(
            'tabular flex size-5 items-center justify-center rounded-full border text-xs',
            index === at && 'border-accent bg-accent text-accent-ink',
            index < at && 'border-good text-good',
          )}
        >
          {index < at ? <Check aria-label="done" className="size-3" /> : index + 1}
        </span>
        {label}
      </li>
    ))}
  </ol>
);
