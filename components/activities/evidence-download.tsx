'use client';

import { Download } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { saveText } from '@/components/ui/csv';
import { Notice } from '@/components/ui/notice';
import { useEvidence } from '@/lib/client/evidence';
import { useMay } from '@/lib/client/session';

/** The request as a file that anybody can verify without this server. */
export const EvidenceDownload = ({ activityId }: { activityId: string }) => {
  const evidence = useEvidence();
  const mayRead = useMay('Auth:Logs:Read');
  const save = () =>
    evidence.mutate(activityId, {
      onSuccess: (text) => saveText(`evidence-${activityId}.json`, text, 'application/json'),
    });
  if (!mayRead)
    return (
      <p className="text-muted text-xs">
        The evidence of a request is one file with the whole ledger up to it. Your roles don’t let you read that: it
        needs <code>Auth:Logs:Read</code>.
      </p>
    );
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
