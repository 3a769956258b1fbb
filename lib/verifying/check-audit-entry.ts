import { hashBody, statementChallenge } from '@/lib/authentication/statement';
import { type AssertionInput, verifyAssertion } from '@/lib/authentication/verify-assertion';
import { parseJson } from '@/lib/contract/json';
import { bytesToHex, fromBase64Url, utf8ToBytes } from '@/lib/domain/hash';
import { checkpointHash } from '@/lib/evidence/checkpoint';
import { type Entry, entryHash } from '@/lib/ledger/entry';
import { type EntryWords, wordsOfEntry } from '@/lib/ledger/entry-words';
import { type Genesis, genesisFingerprint, genesisHash } from '@/lib/ledger/genesis';
import { leafHash } from '@/lib/ledger/merkle';
import { verifyInclusion } from '@/lib/ledger/merkle-proofs';
import { isOriginOf } from '@/lib/ledger/org-settings';
import type { LedgerPorts } from '@/lib/ledger/ports';
import type { AuditEntryDetail, Checkpoint, EntryProof } from './shapes';

/** One thing that was verified here, in words: it held, it failed, or it can't be said yet. */
export type AuditCheck = { readonly state: 'held' | 'failed' | 'open'; readonly words: string };

/** An entry as its own bytes say it; null where they can't be read. */
export type ReadAuditEntry = { readonly entry: Entry; readonly body: Uint8Array; readonly words: EntryWords };

/** What the server hands out beside the entry. Nothing of it is believed: it either fits or it does not. */
export type Witnessing = {
  /** Entry 0, whose body is the genesis. */
  readonly genesis: AuditEntryDetail;
  /** The newest checkpoint, and the entry's inclusion in its tree; null where no checkpoint covers the entry. */
  readonly checkpoint: Checkpoint | null;
  readonly proof: EntryProof | null;
  /** Whether the server says that a signer of the genesis was replaced since: this client knows the keys of the genesis alone. */
  readonly hasReplacements?: boolean;
};

export type AuditPorts = Pick<LedgerPorts, 'verifyEd25519'> & { readonly verifyCredential: AssertionInput['verify'] };

const held = (words: string): AuditCheck => ({ state: 'held', words });
const failed = (words: string): AuditCheck => ({ state: 'failed', words });
const open = (words: string): AuditCheck => ({ state: 'open', words });
const short = (hash: string): string => `${hash.slice(0, 6)}…${hash.slice(-6)}`;

/** Reads an entry from its own canonical bytes and the exact bytes of its body. */
export const readAuditEntry = (detail: Pick<AuditEntryDetail, 'entry' | 'body'>): ReadAuditEntry | null => {
  try {
    const entry = JSON.parse(detail.entry) as Entry;
    const body = fromBase64Url(detail.body);
    if (body === null || typeof entry.effects !== 'object') return null;
    return { entry, body, words: wordsOfEntry(entry, body) };
  } catch {
    return null;
  }
};

const checkBytes = (detail: AuditEntryDetail, { entry, body, words }: ReadAuditEntry): AuditCheck[] => {
  const hash = entryHash(utf8ToBytes(detail.entry));
  const hasPlace = entry.seq === detail.seq;
  return [
    hash === detail.hash && hasPlace
      ? held(`The bytes of entry ${entry.seq} hash to ${short(hash)}, the entry hash shown.`)
      : failed(
          `The bytes shown are entry ${entry.seq} with hash ${short(hash)}: another entry than ${detail.seq}, ${short(detail.hash)}.`,
        ),
    hashBody(body) === entry.bodyHash
      ? held('The body is, byte for byte, the one this entry names.')
      : failed('The body is not the one this entry names.'),
    words.summary === detail.summary && words.userId === detail.userId
      ? held('The words above were read from these bytes in this browser.')
      : failed(`The server’s list says “${detail.summary}”; the bytes say “${words.summary}”.`),
  ];
};

const checkSignature = (
  { entry }: ReadAuditEntry,
  { credential }: AuditEntryDetail,
  genesis: Genesis,
  ports: AuditPorts,
): AuditCheck[] => {
  const { statement, assertion } = entry;
  if (!statement || !assertion) return [];
  if (!credential) return [open('The key that signed this request is not shown, so its signature was not verified.')];
  if (statement.orgId !== genesis.orgId || statement.genesis !== genesisHash(genesis))
    return [failed('The statement that was signed is for another organisation or genesis.')];
  if (statement.bodyHash !== entry.bodyHash) return [failed('What was signed is another body than this entry holds.')];
  const verifiedAt = (origins: readonly string[]) =>
    verifyAssertion({
      assertion,
      challenge: statementChallenge(statement),
      credential: { kind: credential.kind as 'Key', credId: assertion.credId, publicKey: credential.publicKey },
      rpId: genesis.rpId,
      origins,
      verify: ports.verifyCredential,
    });
  const verified = verifiedAt(genesis.origins);
  if (verified.ok)
    return [held(`The credential “${credential.name}” signed exactly this request: method, path and body.`)];
  const origin = originIn(assertion.clientData);
  if (origin !== null && isOriginOf(origin, genesis.rpId) && verifiedAt([origin]).ok)
    return [
      open(
        `The credential “${credential.name}” signed exactly this request, at ${origin}, which the genesis does not name. Whether a change of settings allowed it by then is not seen from one entry: the evidence of a request replays them.`,
      ),
    ];
  return [failed(`The signature of the credential “${credential.name}” does not hold: ${verified.refusal.message}`)];
};

/** Where client data says that it was made; null where it says nothing readable. */
const originIn = (clientData: string): string | null => {
  const bytes = fromBase64Url(clientData);
  const parsed = bytes && parseJson(bytes);
  const value = parsed?.ok ? parsed.value : null;
  return typeof value === 'object' && value !== null && 'origin' in value && typeof value.origin === 'string'
    ? value.origin
    : null;
};

/** The genesis that entry 0 holds, and its hash; null where the entry is none. Whoever relies on it compares the hash with the one they know. */
export const genesisOf = (detail: AuditEntryDetail): Genesis | null => {
  const read = readAuditEntry(detail);
  if (read?.entry.kind !== 'genesis' || read.entry.seq !== 0 || hashBody(read.body) !== read.entry.bodyHash)
    return null;
  return JSON.parse(new TextDecoder().decode(read.body)) as Genesis;
};

const checkWitnesses = (
  detail: AuditEntryDetail,
  genesis: Genesis,
  { checkpoint, proof, hasReplacements }: Witnessing,
  ports: AuditPorts,
): AuditCheck[] => {
  if (!checkpoint || !proof)
    return [open('The signers have not witnessed this entry yet: no checkpoint covers it. The next one will.')];
  const isIncluded =
    checkpoint.seq === proof.at &&
    proof.seq === detail.seq &&
    verifyInclusion({
      seq: detail.seq,
      size: checkpoint.seq + 1,
      leaf: bytesToHex(leafHash(utf8ToBytes(detail.entry))),
      root: checkpoint.root,
      path: proof.path,
    });
  const { seq, root } = checkpoint;
  const hash = checkpointHash({ orgId: genesis.orgId, seq, root, at: Date.parse(checkpoint.at) });
  const nodes = genesis.nodes.filter(({ node, signingKey }) =>
    checkpoint.nodeSignatures.some((one) => one.node === node && ports.verifyEd25519(signingKey, hash, one.signature)),
  );
  const names = nodes.map(({ node }) => node).join(', ');
  return [
    isIncluded
      ? held(`It stands at place ${detail.seq} in the tree of entries 0 to ${seq}, whose root is ${short(root)}.`)
      : failed(`The proof does not lead from this entry to the root ${short(root)} of entries 0 to ${seq}.`),
    nodes.length >= genesis.k
      ? held(`Signers ${names} signed that root; ${genesis.k} of ${genesis.n} are needed.`)
      : hasReplacements
        ? open(
            `Signers ${names || 'none'} signed that root under the keys of the genesis; ${genesis.k} are needed, and others may have signed under certificates that replaced theirs. This browser can’t tell: the evidence of a request replays them.`,
          )
        : failed(`Only ${nodes.length} signatures of signers over that root hold; ${genesis.k} are needed.`),
  ];
};

/**
 * Verifies what can be verified of an entry without believing the server: its bytes, its body, who signed it, its place in the tree,
 * and the signers' signatures over that tree under the keys of the genesis this client knows.
 * @param known Hash of that genesis.
 */
export const checkAuditEntry = (
  detail: AuditEntryDetail,
  witnessing: Witnessing,
  known: { readonly genesis: string },
  ports: AuditPorts,
): readonly AuditCheck[] => {
  const read = readAuditEntry(detail);
  if (!read) return [failed('The bytes of this entry can’t be read.')];
  const checks = checkBytes(detail, read);
  const genesis = genesisOf(witnessing.genesis);
  if (!genesis || genesisHash(genesis) !== known.genesis)
    return [...checks, failed('Entry 0 is not the genesis this browser knows the organisation by.')];
  return [
    ...checks,
    ...checkSignature(read, detail, genesis, ports),
    held(
      `Entry 0 is the genesis this browser knows: ${genesisFingerprint(known.genesis)}. It names the signers’ keys.`,
    ),
    ...checkWitnesses(detail, genesis, witnessing, ports),
  ];
};
