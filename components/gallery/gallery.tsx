'use client';

import { Inbox, KeyRound } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { CallTree } from '@/components/activities/call-tree';
import { LookAlike } from '@/components/activities/look-alike';
import { StatusBadge } from '@/components/activities/status-badge';
import { Timeline } from '@/components/activities/timeline';
import { QueueStanding } from '@/components/approvals/queue-standing';
import { ActivityChart } from '@/components/home/activity-chart';
import { countByDay } from '@/components/home/count-by-day';
import { FieldChanges } from '@/components/policies/field-changes';
import { JsonDiff } from '@/components/policies/json-diff';
import { Amount } from '@/components/ui/amount';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { CodeBlock } from '@/components/ui/code-block';
import { Copyable } from '@/components/ui/copyable';
import { Dialog, Drawer } from '@/components/ui/dialog';
import { EmptyState } from '@/components/ui/empty-state';
import { Field } from '@/components/ui/field';
import { Input, Textarea } from '@/components/ui/input';
import { Kbd } from '@/components/ui/kbd';
import { Notice } from '@/components/ui/notice';
import { ProblemView } from '@/components/ui/problem-view';
import { QrCode } from '@/components/ui/qr-code';
import { Section } from '@/components/ui/section';
import { Select } from '@/components/ui/select';
import { DetailSkeleton, TableSkeleton } from '@/components/ui/skeleton';
import { Time, TimeLeft } from '@/components/ui/time';
import { toast } from '@/components/ui/toast';
import { CALLS, PEOPLE, QUEUE, STEPS } from './samples';

const ADDRESS = '0x71C7656EC7ab88b098defB751B7401B5f6d8976F';
const RESEMBLED = '0x71C7656EC7ab88b098def0000000000000d8976F';
const STATUSES = [
  'Pending',
  'Executing',
  'Broadcasted',
  'Signed',
  'Confirmed',
  'Approved',
  'Applied',
  'Rejected',
  'Denied',
  'Failed',
  'Expired',
  'Frozen',
  'Archived',
  'Inactive',
  'Reorged',
];
const LOOKS = ['primary', 'secondary', 'quiet', 'danger', 'dangerQuiet'] as const;
const TONES = ['neutral', 'pending', 'good', 'bad', 'frozen'] as const;
const PROBLEMS = ['error', 'forbidden', 'missing', 'offline'] as const;

const Row = ({ children }: { children: ReactNode }) => (
  <div className="flex flex-wrap items-center gap-3">{children}</div>
);

const Fields = () => {
  const [chosen, setChosen] = useState('a');
  const [isOn, setOn] = useState(true);
  const options = [
    { value: 'a', label: 'First' },
    { value: 'b', label: 'Second', note: 'with a note' },
    { value: 'c', label: 'Not now', disabled: true },
  ];
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label="Name" hint="What others read.">
        <Input defaultValue="Treasury" />
      </Field>
      <Field label="Limit" error="Not a number">
        <Input defaultValue="ten" />
      </Field>
      <Field label="Reason" optional>
        <Textarea />
      </Field>
      <Field label="Choice">
        <Select value={chosen} onChange={setChosen} options={options} />
      </Field>
      <Checkbox checked={isOn} onChange={setOn} label="On" note="With a note." />
      <Checkbox checked="indeterminate" onChange={() => undefined} label="Some" />
      <Checkbox checked={false} disabled onChange={() => undefined} label="Not allowed" />
    </div>
  );
};

const Overlays = () => {
  const [open, setOpen] = useState<'dialog' | 'drawer' | null>(null);
  const change = (which: typeof open) => (next: boolean) => setOpen(next ? which : null);
  return (
    <Row>
      <Button onClick={() => setOpen('dialog')}>Open dialog</Button>
      <Button onClick={() => setOpen('drawer')}>Open drawer</Button>
      <Button onClick={() => toast.done('Done', 'With a line below.')}>Show toast</Button>
      <Button onClick={() => toast.failed('Did not work', 'Why, and what to do.')}>Show failure</Button>
      <Dialog
        open={open === 'dialog'}
        onOpenChange={change('dialog')}
        title="A question?"
        description="What it is about."
      >
        <p>What follows from yes.</p>
      </Dialog>
      <Drawer open={open === 'drawer'} onOpenChange={change('drawer')} title="A form">
        <Fields />
      </Drawer>
    </Row>
  );
};

/** Every component in every state, on one page. */
export const Gallery = () => (
  <main className="mx-auto max-w-5xl space-y-4 p-6">
    <h1 className="font-semibold text-title">Gallery</h1>
    <Section title="Buttons">
      <div className="space-y-3">
        {(['sm', 'md', 'lg'] as const).map((size) => (
          <Row key={size}>
            {LOOKS.map((look) => (
              <Button key={look} look={look} size={size}>
                <KeyRound aria-hidden />
                {look}
              </Button>
            ))}
            <Button size={size} busy>
              Busy
            </Button>
            <Button size={size} disabled>
              Disabled
            </Button>
          </Row>
        ))}
      </div>
    </Section>
    <Section title="Statuses">
      <Row>
        {STATUSES.map((status) => (
          <StatusBadge key={status} status={status} />
        ))}
        {TONES.map((tone) => (
          <Badge key={tone} tone={tone}>
            {tone}
          </Badge>
        ))}
      </Row>
    </Section>
    <Section title="Values">
      <Row>
        <Amount base="12000000000" decimals={6} symbol="USDC" usd="1" />
        <Amount base="12000000000" decimals={null} />
        <Copyable value={ADDRESS} label="address" />
        <LookAlike address={ADDRESS} known={RESEMBLED} />
        <Time at={Date.now() - 90_000} />
        <TimeLeft until={Date.now() + 600_000} />
        <TimeLeft until={Date.now() + 200_000_000} />
        <TimeLeft until={Date.now() - 1000} />
        <Kbd keys="g a" />
      </Row>
    </Section>
    <Section title="Notices">
      <div className="space-y-3">
        {TONES.map((tone) => (
          <Notice key={tone} tone={tone} title={`A notice, ${tone}`} action={<Button size="sm">Act</Button>}>
            What happened, what it means, what to do.
          </Notice>
        ))}
      </div>
    </Section>
    <Section title="Fields">
      <Fields />
    </Section>
    <Section title="Overlays">
      <Overlays />
    </Section>
    <Section title="Queue">
      <ul className="space-y-2">
        {QUEUE.map((item) => (
          <li key={item.id}>
            <QueueStanding item={item} nameOf={(id) => PEOPLE[id] ?? id} me="" />
          </li>
        ))}
      </ul>
    </Section>
    <Section title="Calls">
      <div className="space-y-6">
        {CALLS.map((call) => (
          <CallTree key={call.data} call={call} network="EthereumSepolia" />
        ))}
      </div>
    </Section>
    <Section title="Timeline">
      <Timeline steps={STEPS} />
    </Section>
    <Section title="Differences">
      <div className="space-y-3">
        <FieldChanges
          changes={[
            { path: 'rule.configuration.limit', before: 10_000, after: 25_000 },
            { path: 'action.approvalGroups.1', before: null, after: { name: 'Board', quorum: 2, approvers: {} } },
            { path: 'filters.walletTags.hasAny', before: ['hot'], after: null },
          ]}
        />
        <FieldChanges changes={[]} />
        <JsonDiff before={{ quorum: 2 }} after={{ quorum: 1 }} />
      </div>
    </Section>
    <Section title="Chart">
      <ActivityChart
        days={countByDay([{ status: 'Confirmed', dateRequested: new Date().toISOString() }], 14, Date.now())}
      />
    </Section>
    <Section title="Code and QR">
      <Row>
        <CodeBlock text={'{ "kind": "Native" }'} label="body" />
        <QrCode text={ADDRESS} label="An address" />
      </Row>
    </Section>
    <Section title="Loading" flush>
      <TableSkeleton rows={3} />
      <DetailSkeleton />
    </Section>
    <Section title="Empty" flush>
      <EmptyState icon={Inbox} title="Nothing here yet" actions={<Button>Make one</Button>}>
        What would be here, and how it comes to be.
      </EmptyState>
    </Section>
    {PROBLEMS.map((kind) => (
      <Section key={kind} title={`Problem: ${kind}`} flush>
        <ProblemView kind={kind} title="It can’t be shown" quote="6f1c…" onRetry={() => undefined}>
          <p>What happened, what it means, what to do.</p>
        </ProblemView>
      </Section>
    ))}
  </main>
);
