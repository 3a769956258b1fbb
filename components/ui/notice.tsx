import { CircleAlert, CircleCheck, Info, Snowflake, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Tone } from './badge';
import { classNames } from './class-names';

const LOOK = {
  neutral: { icon: Info, box: 'border-line bg-sunken', text: 'text-muted' },
  pending: { icon: TriangleAlert, box: 'border-pending/30 bg-pending-wash', text: 'text-pending' },
  good: { icon: CircleCheck, box: 'border-good/30 bg-good-wash', text: 'text-good' },
  bad: { icon: CircleAlert, box: 'border-bad/40 bg-bad-wash', text: 'text-bad' },
  frozen: { icon: Snowflake, box: 'border-frozen/30 bg-frozen-wash', text: 'text-frozen' },
} as const;

/** A sentence that must not be missed, with what to do about it. */
export const Notice = ({
  tone = 'neutral',
  title,
  children,
  action,
  className,
}: {
  tone?: Tone;
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  className?: string;
}) => {
  const { icon: Icon, box, text } = LOOK[tone];
  return (
    <div
      role={tone === 'bad' ? 'alert' : 'status'}
      className={classNames('flex items-start gap-2.5 rounded-lg border px-3 py-2.5', box, className)}
    >
      <Icon aria-hidden className={classNames('mt-0.5 size-4 shrink-0', text)} />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{title}</p>
        {children && <div className="mt-0.5 break-words text-muted">{children}</div>}
      </div>
      {action && <div className="shrink-0">{action}</div>}
    </div>
  );
};
