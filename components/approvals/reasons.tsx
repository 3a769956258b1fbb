'use client';

import { CircleCheck, Hand, Info, OctagonX } from 'lucide-react';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { Disclosure } from '@/components/ui/disclosure';
import { Time } from '@/components/ui/time';
import { useDecision } from '@/lib/client/decisions';
import { usePolicies } from '@/lib/client/policies';
import { useMay } from '@/lib/client/session';
import type { ActivityDetail, Facts } from '@/lib/client/shapes';
import type { OwnEntry } from '@/lib/verifying/ledger-entry';
import { Alternatives } from './alternatives';

const Screenings = dynamic(() => import('./screenings').then((module) => module.Screenings), { ssr: false });

export type ShownEvaluation = {
  readonly policyId: string;
  readonly version?: string;
  readonly triggered: boolean;
  readonly reason: string;
  readonly action?: 'Block' | 'NoAction' | 'RequestApproval';
};

const LOOK = {
  Block: { icon: OctagonX, colour: 'text-bad', word: 'blocked' },
  RequestApproval: { icon: Hand, colour: 'text-pending', word: 'asks for approval' },
  NoAction: { icon: Info, colour: 'text-muted', word: 'only notes it' },
} as const;

const Row = ({
  evaluation,
  name,
  action,
}: {
  evaluation: ShownEvaluation;
  name: string;
  action: keyof typeof LOOK;
}) => {
  const look = LOOK[action];
  const Icon = evaluation.triggered ? look.icon : CircleCheck;
  return (
    <li className="flex items-start gap-2.5">
      <Icon
        aria-hidden
        className={`mt-0.5 size-4 shrink-0 ${evaluation.triggered ? look.colour : 'text-good'}`}
        strokeWidth={1.75}
      />
      <div className="min-w-0">
        <p>
          <Link
            href={`/console/policies/${evaluation.policyId}`}
            prefetch={false}
            className="font-medium hover:underline"
          >
            {name}
          </Link>{' '}
          <span className="text-muted">{evaluation.triggered ? look.word : 'did not ask'}</span>
        </p>
        <p className="break-words text-muted">{evaluation.reason}</p>
      </div>
    </li>
  );
};

/** Each policy that was evaluated, with its reason; those that did not ask are folded. */
export const Reasons = ({
  evaluations,
  former = [],
  activityId,
  own,
}: {
  /** What decided last. */
  evaluations: readonly ShownEvaluation[];
  /** What the policies said before, oldest first, where the request was judged again. */
  former?: ActivityDetail['former'];
  /** Entry and facts of a request as this browser read them: what vendors said of it is then verified. */
  own?: { readonly entry: OwnEntry; readonly facts: Facts } | undefined;
  /** Of a request or a change: what would have decided otherwise is then told too. */
  activityId?: string | undefined;
}) => {
  const decision = useDecision(activityId).data;
  const policies = usePolicies(undefined, { enabled: useMay('Policies:Read') }).table.rows;
  const row = (evaluation: ShownEvaluation) => {
    const policy = policies.find((one) => one.id === evaluation.policyId);
    return (
      <Row
        key={`${evaluation.policyId} ${evaluation.version ?? ''}`}
        evaluation={evaluation}
        name={policy?.name ?? evaluation.policyId}
        action={evaluation.action ?? policy?.action.kind ?? 'RequestApproval'}
      />
    );
  };
  const asked = evaluations.filter((one) => one.triggered);
  const silent = evaluations.filter((one) => !one.triggered);
  return (
    <div className="space-y-3">
      {asked.length > 0 ? (
        <ul className="space-y-3">{asked.map(row)}</ul>
      ) : (
        <p className="text-muted">
          {evaluations.length > 0
            ? 'No policy asked for anything.'
            : 'No policy concerns this. Without one, permission alone decides.'}
        </p>
      )}
      {silent.length > 0 && (
        <Disclosure title={silent.length === 1 ? '1 policy did not ask' : `${silent.length} policies did not ask`}>
          <ul className="space-y-3">{silent.map(row)}</ul>
        </Disclosure>
      )}
      {former.map((one) => (
        <Disclosure
          key={one.at}
          title={
            <>
              What they said before, <Time at={one.at} />
            </>
          }
        >
          {one.evaluations.length > 0 ? (
            <ul className="space-y-3">{one.evaluations.map(row)}</ul>
          ) : (
            <p className="text-muted">No policy concerned it then.</p>
          )}
        </Disclosure>
      ))}
      {own && own.entry.effects['screening'] !== undefined && <Screenings entry={own.entry} facts={own.facts} />}
      {decision && <Alternatives trace={decision} />}
    </div>
  );
};
