'use client';

import { FileSearch } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code-block';
import { Drawer } from '@/components/ui/dialog';
import { useHotkeys } from '@/components/ui/hotkeys';
import type { ActivityDetail, ChangeRequestDetail } from '@/lib/client/shapes';
import type { OwnEntry } from '@/lib/verifying/ledger-entry';
import { EvidenceDownload } from './evidence-download';

const Part = ({ title, note, value }: { title: string; note: string; value: unknown }) => (
  <section className="space-y-1.5">
    <h3 className="font-semibold">{title}</h3>
    <p className="text-muted text-xs">{note}</p>
    <CodeBlock text={typeof value === 'string' ? value : JSON.stringify(value, null, 2)} label={title} />
  </section>
);

/** The exact things behind a request: digest, statement, body, facts, policy versions. Closed until asked for. */
export const EvidenceDrawer = ({
  subject,
  entry,
}: {
  subject: ActivityDetail | ChangeRequestDetail;
  entry: OwnEntry | undefined;
}) => {
  const [open, setOpen] = useState(false);
  useHotkeys([{ keys: 'e', label: 'Show evidence', group: 'This request', run: () => setOpen(true) }]);
  const versions = Object.fromEntries(subject.evaluations.map((one) => [one.policyId, one.version]));
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <FileSearch aria-hidden />
        Evidence
      </Button>
      <Drawer
        open={open}
        onOpenChange={setOpen}
        title="Evidence"
        description="What approvals and signatures refer to, exactly."
        wide
      >
        <div className="space-y-5">
          {'facts' in subject && <EvidenceDownload activityId={subject.id} />}
          <Part
            title="Activity digest"
            note={
              entry
                ? 'Hash of the request’s ledger entry, computed in this browser. An approval is given to this, not to a summary.'
                : 'As the server states it; this browser could not compute it.'
            }
            value={entry?.digest ?? subject.digest}
          />
          {entry && (
            <>
              <Part
                title="Statement"
                note="What the requester’s credential signed. The body’s hash in it was checked here."
                value={entry.statement}
              />
              <Part
                title="Request body"
                note="What was asked: the exact bytes the statement names."
                value={entry.body}
              />
            </>
          )}
          {'facts' in subject && (
            <Part
              title="Decoded facts"
              note="Decoded here from the body. null is unknown and counts as the worst."
              value={subject.facts}
            />
          )}
          <Part
            title="Policy versions"
            note="Each policy that was evaluated, and the hash of its definition then."
            value={versions}
          />
          {subject.entry && (
            <Part title="Ledger entry" note="Canonical text as it is stored and hashed." value={subject.entry.leaf} />
          )}
          <Part
            title="Record"
            note="The whole answer of the API."
            value={'request' in subject ? subject.request : subject.change}
          />
        </div>
      </Drawer>
    </>
  );
};
