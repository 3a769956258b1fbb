import { sayFacts } from '@/lib/evidence/activity-evidence/says';
import { factsOfRequest } from '@/lib/ledger/rendering';
import type { Difference } from '@/lib/verifying/difference';
import type { ReadDecision } from '@/lib/verifying/read-decision';

const escaped = (one: string): string => `\\u{${one.codePointAt(0)?.toString(16)}}`;

/** Escapes what could move the cursor, colour or reorder text: every word may come from somebody who lies. Lines stay. */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (one) => (one === '\n' ? one : escaped(one)));

/** The same for one value, which may not begin a line of its own. */
const value = (text: string): string => printable(text).replaceAll('\n', escaped('\n'));

const sentence = ({ entry }: ReadDecision): string => {
  const facts = factsOfRequest({ ...entry, operationId: entry.operation.id });
  // Without the price, whose decimals are the server's to choose: tokens are shown in base units.
  return facts
    ? sayFacts(facts, entry.params.walletId ?? entry.params.keyId ?? 'an unknown key')
    : `Change of governance: ${entry.operation.id}`;
};

/** What an approver reads: the sentence, the rendering line by line, and who has decided so far. */
export const decisionWords = (decision: ReadDecision): string => {
  const { approval, entry, detail, policies, open } = decision;
  const lines = entry.rendering.lines.map(([what, said]) => `  ${what.padEnd(34)} ${value(said)}`);
  const asking = [...new Set(detail.groups.map((group) => group.policyId))].map(
    (id) => policies.find((policy) => policy.id === id)?.name ?? id,
  );
  const votes = approval.decisions.map((vote) => value(`  ${vote.value} by ${vote.userId} at ${vote.date}`));
  return [
    value(`${approval.id} (${approval.status})`),
    value(sentence(decision)),
    '',
    'Read from the ledger entry on this machine:',
    ...lines,
    `  ${'digest of the entry'.padEnd(34)} ${entry.digest}`,
    `  ${'digest of this text'.padEnd(34)} ${entry.renderingDigest}`,
    '',
    `Asked by the policies: ${value(asking.join(', ')) || 'none'}`,
    ...(open.length > 0 ? ['You may not read these policies: their versions are the server’s word.'] : []),
    ...(votes.length > 0 ? ['Decided so far:', ...votes] : ['Nobody has decided yet.']),
    'All that the server says of it agrees.',
  ].join('\n');
};

/** What differs, in words: what this machine computed or meant, and what the server says. */
export const differenceWords = (differences: readonly Difference[]): string =>
  differences
    .map(
      ({ what, shown, asked }) =>
        `  ${value(what)}\n    this machine: ${value(shown)}\n    the server:   ${value(asked)}`,
    )
    .join('\n');
