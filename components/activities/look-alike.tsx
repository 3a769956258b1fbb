import { TriangleAlert } from 'lucide-react';
import { piecesOf } from '@/lib/client/look-alike';

const Line = ({ label, value, other }: { label: string; value: string; other: string }) => (
  <>
    <dt className="text-muted">{label}</dt>
    <dd className="break-all font-mono leading-5">
      {piecesOf(value, other).map(({ text, differs }, at) =>
        differs ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their place
          <mark key={at} className="bg-bad-wash font-bold text-bad underline decoration-2 underline-offset-2">
            {text}
          </mark>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their place
          <span key={at}>{text}</span>
        ),
      )}
    </dd>
  </>
);

/** An address and the known one that it only looks like, whole and below each other; what differs is underlined. */
export const LookAlike = ({ address, known }: { address: string; known: string }) => (
  <div role="alert" className="my-1 w-full min-w-0 rounded-md border border-bad/40 px-2.5 py-2 text-xs">
    <p className="flex items-start gap-1.5 font-medium text-bad">
      <TriangleAlert aria-hidden className="mt-0.5 size-3 shrink-0" />
      Not the address you know: it only begins and ends like it. That is how poisoned addresses are made.
    </p>
    <dl className="mt-1.5 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5">
      <Line label="this one" value={address} other={known} />
      <Line label="known" value={known} other={address} />
    </dl>
  </div>
);
