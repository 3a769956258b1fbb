'use client';

import { useState } from 'react';
import { Problem } from '@/components/frame/problem';
import { MomentField, momentOf } from '@/components/roles/moment-field';
import { Reasons } from '@/components/roles/reasons';
import { Disclosure } from '@/components/ui/disclosure';
import { Section } from '@/components/ui/section';
import { DetailSkeleton } from '@/components/ui/skeleton';
import { useEffectiveAccess } from '@/lib/client/access';
import type { EffectiveAccess } from '@/lib/client/shapes';

const BARRED: Readonly<Record<NonNullable<EffectiveAccess['barred']>, string>> = {
  deactivated: 'Nothing: deactivated. The roles stay, and count again when activated.',
  notRegistered: 'Nothing yet: has not registered.',
  tokenRevoked: 'Nothing: the token was revoked.',
  tokenExpired: 'Nothing: the token expired.',
};

const areasOf = (access: EffectiveAccess): [string, EffectiveAccess['operations']][] => {
  const areas = new Map<string, EffectiveAccess['operations']>();
  for (const item of access.operations) {
    const area = item.operation.split(':')[0] ?? item.operation;
    areas.set(area, [...(areas.get(area) ?? []), item]);
  }
  return [...areas];
};

/** What an identity may do and by which roles, now or at a moment of the past. */
export const EffectiveAccessSection = ({ identityId }: { identityId: string }) => {
  const [local, setLocal] = useState('');
  const { data, error, refetch } = useEffectiveAccess(identityId, { at: momentOf(local) });
  return (
    <Section title="May do, and why">
      <div className="space-y-3">
        <MomentField value={local} onChange={setLocal} />
        {error && !data ? (
          <Problem error={error} what="what this identity may do" onRetry={() => void refetch()} />
        ) : !data ? (
          <DetailSkeleton />
        ) : data.barred ? (
          <p className="text-muted">{BARRED[data.barred]}</p>
        ) : data.operations.length === 0 ? (
          <p className="text-muted">Nothing: no role held.</p>
        ) : (
          <div className="divide-y">
            {areasOf(data).map(([area, items]) => (
              <Disclosure key={area} title={`${area} · ${items.length}`}>
                <ul className="space-y-1 pb-3 pl-5">
                  {items.map((item) => (
                    <li key={item.operation} className="flex flex-wrap items-baseline gap-x-3">
                      <span className="min-w-56 break-words">{item.operation}</span>
                      <span className="text-muted text-xs">
                        <Reasons operation={item.operation} because={item.because} />
                        {item.ownerBecause && (
                          <>
                            {' · owner: '}
                            <Reasons operation={item.operation} because={item.ownerBecause} />
                          </>
                        )}
                      </span>
                    </li>
                  ))}
                </ul>
              </Disclosure>
            ))}
          </div>
        )}
      </div>
    </Section>
  );
};
