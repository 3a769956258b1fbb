import { statementChallenge } from '@/lib/authentication/statement';
import { toTimestamp } from '@/lib/contract/fields';
import { csvLine } from '@/lib/domain/csv';
import { refused } from '@/lib/domain/refusal';
import { auditViews, entryOf, logIdOf, seqOfLogId } from '../audit-entry';
import { auditStream, type Rendered } from '../audit-stream';
import { callerOf, type Handler, type Handlers, refuse } from '../handler';
import { auditRowAt, credentialOf } from './audit';

const DAY_MS = 86_400_000;
const WINDOW_MS = 7 * DAY_MS;
const MOST_ROWS = 100_000;

const HEADINGS = [
  'Date Performed',
  'Audit Log ID',
  'User ID',
  'Username',
  'Primary Credential ID',
  'Action Path',
  'Summary',
];

/** The log as CSV, with a last line that says so where it was cut (contract §2.9). */
const csv = (isTruncated: boolean): Rendered => ({
  head: `${csvLine(HEADINGS)}\n`,
  line: ({ at, id, userId, username, credentialId, action, summary }) =>
    `${csvLine([at, id, userId ?? '', username ?? '', credentialId ?? '', action, summary])}\n`,
  tail: isTruncated ? `# truncated after ${MOST_ROWS} rows: ask for a shorter time\n` : '',
});

/** The same as one JSON string, which is what the SDK parses. */
const inJson = ({ head, line, tail }: Rendered): Rendered => {
  const inside = (text: string) => JSON.stringify(text).slice(1, -1);
  return { head: `"${inside(head)}`, line: (view, row) => inside(line(view, row)), tail: `${inside(tail)}"` };
};

/**
 * Who did what, of at most seven days, from the ledger. Checkpoints are left out: nobody acted.
 * JSON holding the CSV as one string, because the SDK calls `.json()`; plain CSV for whoever asks for it.
 */
const listAuditLogs: Handler = async (request, services) => {
  const { org } = callerOf(request);
  const { startTime, endTime, userId, format } = request.query as Readonly<Record<string, string | undefined>>;
  const [from, to] = [Date.parse(startTime ?? ''), Date.parse(endTime ?? '')];
  if (to < from) refuse(refused(400, 'audit.window', 'endTime is before startTime.'));
  if (to - from > WINDOW_MS) refuse(refused(400, 'audit.window', 'startTime and endTime are more than 7 days apart.'));
  const filter = { from, to: to + 1, withoutKinds: ['checkpoint'], ...(userId !== undefined && { userId }) };
  const isTruncated = (await services.reads.countAuditEntries(org.id, filter, MOST_ROWS + 1)) > MOST_ROWS;
  const isPlain = format === 'csv' || /\btext\/csv\b/i.test(request.headers.get('accept') ?? '');
  const text = csv(isTruncated);
  return {
    stream: auditStream(
      { orgId: org.id, filter, most: MOST_ROWS, signal: request.signal },
      isPlain ? text : inJson(text),
      services,
    ),
    contentType: isPlain ? 'text/csv; charset=utf-8' : 'application/json',
    ...(isTruncated && { headers: { 'x-dfns-result-truncated': 'true' } }),
  };
};

/**
 * One action with what a third party needs to verify its signature.
 * `actionToken` is the challenge the token stood for: the token itself is a secret until it is spent and is never kept.
 */
const getAuditLog: Handler = async (request, services) => {
  const caller = callerOf(request);
  const id = request.params.id ?? '';
  const seq = seqOfLogId(id);
  const row = seq === null ? null : await auditRowAt(seq, request, services);
  if (!row || logIdOf(row) !== id) return refuse(refused(404, 'audit.not_found', 'log not found', { id }));
  const entry = entryOf(row);
  const [view] = await auditViews(caller.org.id, [row], services);
  const credential = credentialOf(caller, row);
  const { assertion } = entry;
  return {
    body: {
      id,
      action: view?.action ?? entry.kind,
      actionToken: entry.statement ? statementChallenge(entry.statement) : '',
      userId: view?.userId ?? null,
      username: view?.username ?? null,
      datePerformed: toTimestamp(entry.at),
      firstFactorCredential: {
        id: assertion?.credId ?? '',
        kind: credential?.kind ?? assertion?.kind ?? null,
        publicKey: credential?.publicKey ?? '',
        assertion: assertion
          ? {
              authenticatorData: assertion.kind === 'Fido2' ? assertion.authenticatorData : null,
              clientData: assertion.clientData,
              signature: assertion.signature,
            }
          : null,
      },
    },
  };
};

export const ACTION_LOG_HANDLERS: Handlers = {
  'auth.listAuditLogs': listAuditLogs,
  'auth.getAuditLog': getAuditLog,
};
