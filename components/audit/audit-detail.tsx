'use client';

import Link from 'next/link';
import { PaneHeader } from '@/components/frame/pane-header';
import { Problem } from '@/components/frame/problem';
import { CodeBlock } from '@/components/ui/code-block';
import { Copyable } from '@/components/ui/copyable';
import { Disclosure } from '@/components/ui/disclosure';
import { FactsList, fact } from '@/components/ui/facts-list';
import { Notice } from '@/components/ui/notice';
import { Section } from '@/components/ui/section';
import { DetailSkeleton } from '@/components/ui/skeleton';
import { exactTime } from '@/components/ui/time';
import { useAuditEntry } from '@/lib/client/audit';
import type { AuditEntryDetail } from '@/lib/client/shapes';
import { fromBase64Url } from '@/lib/domain/hash';
import { type ReadAuditEntry, readAuditEntry } from '@/lib/verifying/check-audit-entry';
import { EntryAuthor } from './entry-author';
import { EntryChecks } from './entry-checks';
import { useSummary } from './use-summary';

/** JSON with line breaks for reading; any other text as it is. */
const readable = (text: string): string => {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
};

const textOf = (bytes: Uint8Array | null): string => (bytes ? new TextDecoder().decode(bytes) : '');

const isActivity = (id: string): boolean => /^(?:xfr|tx|sig)-/.test(id);

const Facts = ({ detail, read }: { detail: AuditEntryDetail; read: ReadAuditEntry }) => {
  const { entry, words } = read;
  const { credential, subject } = detail;
  return (
    <Section title="Entry">
      <FactsList
        rows={[
          fact('Who', <EntryAuthor by={words.by} userId={words.userId} />),
          fact('When', <span className="tabular">{exactTime(entry.at)}</span>),
          fact('Entry number', <span className="tabular">{entry.seq}</span>),
          fact('Entry hash', <Copyable value={detail.hash} label="entry hash" full />),
          fact('Entry before', <Copyable value={entry.prev} label="hash of the entry before" />),
          fact('Action', <span className="break-all font-mono text-xs">{words.action}</span>),
          fact(
            'About',
            subject &&
              (isActivity(subject) ? (
                <Link href={`/console/activity/${subject}`} prefetch={false} className="underline">
                  {subject}
                </Link>
              ) : (
                <Copyable value={subject} label="id" />
              )),
          ),
          fact(
            'Credential',
            credential && `${credential.name} (${credential.kind === 'Fido2' ? 'passkey' : credential.kind})`,
          ),
          fact('Credential id', detail.credentialId && <Copyable value={detail.credentialId} label="credential id" />),
          fact('Token', detail.tokenId && <Copyable value={detail.tokenId} label="token id" />),
          fact(
            'Signed by nodes',
            entry.nodeSignatures && entry.nodeSignatures.length > 0
              ? entry.nodeSignatures.map(({ node }) => `signer ${node}`).join(', ')
              : null,
          ),
          fact('Log id', <Copyable value={detail.id} label="log id" />),
        ]}
      />
    </Section>
  );
};

const Sources = ({ detail, read: { entry, body } }: { detail: AuditEntryDetail; read: ReadAuditEntry }) => {
  const { statement, assertion } = entry;
  const clientData = assertion ? textOf(fromBase64Url(assertion.clientData)) : '';
  return (
    <Section title="What the hashes are over">
      <p className="mb-1 text-muted text-xs">Body{body.length === 0 && ': empty'}</p>
      {body.length > 0 && <CodeBlock text={readable(textOf(body))} label="body" />}
      <div className="mt-2">
        {statement && (
          <Disclosure title="Statement that was signed">
            <CodeBlock text={readable(JSON.stringify(statement))} label="statement" />
          </Disclosure>
        )}
        {assertion && (
          <Disclosure title="What the credential signed over it">
            <CodeBlock
              text={readable(JSON.stringify({ ...assertion, clientData: JSON.parse(clientData) }))}
              label="assertion"
            />
          </Disclosure>
        )}
        {detail.credential && (
          <Disclosure title="Public key of the credential">
            <CodeBlock text={detail.credential.publicKey} label="public key" />
          </Disclosure>
        )}
        <Disclosure title="Canonical entry, as chained">
          <CodeBlock text={detail.entry} label="canonical entry" />
        </Disclosure>
      </div>
    </Section>
  );
};

/** One entry: what it says by its own bytes, what of it was verified here, and the bytes themselves. */
export const AuditDetail = ({ seq }: { seq: string }) => {
  const { data: detail, error, refetch } = useAuditEntry(seq);
  const summary = useSummary();
  if (error && !detail) return <Problem error={error} what="this entry" onRetry={() => void refetch()} />;
  if (!detail) return <DetailSkeleton />;
  const read = readAuditEntry(detail);
  return (
    <article>
      <PaneHeader
        backHref="/console/audit"
        backLabel="Audit"
        title={read ? summary(read.words.summary) : `Entry ${seq}`}
        meta={
          <span className="tabular text-muted">
            Entry {detail.seq} · {detail.kind}
          </span>
        }
      />
      <div className="space-y-4 p-4 sm:p-6">
        <EntryChecks detail={detail} />
        {read ? (
          <>
            <Facts detail={detail} read={read} />
            <Sources detail={detail} read={read} />
          </>
        ) : (
          <Notice tone="bad" title="The bytes of this entry can’t be read">
            Nothing is shown of it but what could not be verified.
          </Notice>
        )}
      </div>
    </article>
  );
};
