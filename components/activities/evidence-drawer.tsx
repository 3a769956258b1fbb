'use client';

import { FileSearch } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code-block';
import { Drawer } from '@/components/ui/dialog';
import { useHotkeys } from '@/components/ui/hotkeys';
import type { ActivityDetail } from '@/lib/client/shapes';

const Part = ({ title, note, text }: { title: string; note: string; text: string }) => (
  <section className="space-y-1.5">
    <h3 className="font-semibold">{title}</h3>
    <p className="text-muted text-xs">{note}</p>
    <CodeBlock text={text} label={title} />
  </section>
);

/** The exact things behind a request: digest, body, facts, policy versions. Closed until asked for. */
export const EvidenceDrawer = ({ activity }: { activity: ActivityDetail }) => {
  const [open, setOpen] = useState(false);
  useHotkeys([{ keys: 'e', label: 'Show evidence', group: 'This request', run: () => setOpen(true) }]);
  const versions = Object.fromEntries(activity.evaluations.map((one) => [one.policyId, one.version]));
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
          <Part
            title="Activity digest"
            note="Hash of the request’s ledger entry. An approval is given to this, not to a summary."
            text={activity.digest}
          />
          <Part
            title="Request body"
            note="What was asked, as the ledger holds it."
            text={JSON.stringify(activity.request.requestBody, null, 2)}
          />
          <Part
            title="Decoded facts"
            note="What the policies looked at. null is unknown and counts as the worst."
            text={JSON.stringify(activity.facts, null, 2)}
          />
          <Part
            title="Policy versions"
            note="Each policy that was evaluated, and the hash of its definition then."
            text={JSON.stringify(versions, null, 2)}
          />
          <Part title="Record" note="The whole answer of the API." text={JSON.stringify(activity.request, null, 2)} />
        </div>
      </Drawer>
    </>
  );
};
