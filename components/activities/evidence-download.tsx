'use client';

import { Download } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { saveText } from '@/components/ui/csv';
import { Notice } from '@/components/ui/notice';
import { useEvidence } from '@/lib/client/evidence';

/** The request as a file that anybody can verify without this server. */
export const EvidenceDownload = ({ activityId }: { activityId: string }) => {
  const evidence = useEvidence();
  const save = () =>
    evidence.mutate(activityId, {
      onSuccess: (text) => saveText(`evidence-${activityId}.json`, text, 'application/json'),
    });
  return (
    <section className="space-y-2">
      <Button look="primary" busy={evidence.isPending} onClick={save}>
        <Download aria-hidden />
        Download evidence
      </Button>
      <p className="text-muted text-xs">
        One file with the ledger, every signature and the nodes’ checkpoint. Check it without this server:{' '}
        <code>npm run verify -- FILE</code>, or{' '}
        <a className="underline" href="/verify.html" target="_blank" rel="noreferrer">
          the page that verifies in a browser
        </a>
        .
      </p>
      {evidence.error && (
        <Notice tone="bad" title="There is no evidence to download">
          {evidence.error.message}
        </Notice>
      )}
    </section>
  );
};
