import { ShieldX } from 'lucide-react';
import { Disclosure } from '@/components/ui/disclosure';
import { Section } from '@/components/ui/section';
import { Time } from '@/components/ui/time';
import type { ActivityDetail } from '@/lib/client/shapes';

type Refusal = ActivityDetail['refusals'][number];

const Rows = ({ refusals }: { refusals: readonly Refusal[] }) => (
  <ul className="space-y-3">
    {refusals.map((one) => (
      <li key={`${one.node}-${one.at}-${one.code}`} className="flex items-start gap-2.5">
        <ShieldX aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" strokeWidth={1.75} />
        <div className="min-w-0">
          <p className="break-words">
            <span className="font-medium">{one.node === 0 ? 'Coordinator' : `Signer ${one.node}`}</span>: {one.message}
          </p>
          <p className="flex flex-wrap gap-x-2 text-faint text-xs">
            <span className="font-mono">{one.code}</span>
            <Time at={one.at} />
          </p>
        </div>
      </li>
    ))}
  </ul>
);

/** Why signers did not sign. Folded once the request went through all the same. */
export const Refusals = ({ activity }: { activity: ActivityDetail }) => {
  const { refusals, status } = activity;
  if (refusals.length === 0) return null;
  const isOver = status === 'Confirmed' || status === 'Signed' || status === 'Broadcasted';
  return (
    <Section title="Why signers refused">
      {isOver ? (
        <Disclosure
          title={
            refusals.length === 1
              ? '1 refusal before it was signed'
              : `${refusals.length} refusals before it was signed`
          }
        >
          <Rows refusals={refusals} />
        </Disclosure>
      ) : (
        <Rows refusals={refusals.slice(-12)} />
      )}
    </Section>
  );
};
