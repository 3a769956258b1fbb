import type { Evidence } from '@/lib/contract/evidence';
import { canonicalJson, type Json } from '@/lib/domain/canonical-json';
import { genesisFingerprint } from '@/lib/ledger/genesis';
import type { LedgerPorts } from '@/lib/ledger/ports';
import { all, find } from '@/lib/ledger/state';
import { replayEvidence } from './chain';
import { agreementChecks, type Reader, subjectOf } from './check-agreement';
import { sayNodes, signingChecks } from './check-signing';
import { firstDifference } from './difference';
import { peopleHash, readEvidence } from './format';
import { notChecked } from './not-checked';
import { sayList } from './says';
import { type Told, tell } from './told';
import type { Trail } from './trail';
import { type Check, failed, held, type Verdict, verdictOf } from './verdict';

/** What the reader knows from elsewhere: hash or fingerprint of the organisation's genesis, in any spacing. */
export type Expected = { readonly genesis?: string | undefined };

const chainCheck = (trail: Trail, evidence: Evidence): Check => {
  const voids = [...trail.voids.keys()];
  const rest = voids.length === 0 ? '' : ` Entries ${sayList(voids)} did not hold and changed nothing.`;
  return held(
    'chain',
    `All ${evidence.entries.length} entries from the organisation’s first on form one unbroken chain, replayed here by the rules that the signers run.${rest}`,
  );
};

const genesisCheck = (trail: Trail, expected: Expected): Check => {
  const org = all(trail.replica.state, 'org')[0];
  if (!org) return failed('genesis', 'The organisation has no genesis.');
  const fingerprint = genesisFingerprint(org.genesisHash);
  const given = expected.genesis?.replace(/[\s:-]/g, '').toLowerCase();
  if (given !== undefined && given !== org.genesisHash && given !== org.genesisHash.slice(0, 32))
    return failed('genesis', `The genesis has the fingerprint ${fingerprint}, which is not the one you gave.`);
  if (!org.confirmed) return failed('genesis', 'No key of the first administrator ever signed over the genesis.');
  const whose = given === undefined ? '' : ', the one you gave';
  return held('genesis', `The organisation ${org.id} has the fingerprint ${fingerprint}${whose}.`);
};

const checkpointCheck = (trail: Trail): Check => {
  const { witnessed } = trail;
  if (!witnessed) return held('checkpoint', 'No checkpoint stands in the ledger yet: no node has witnessed anything.');
  return held(
    'checkpoint',
    `Entries 0 to ${witnessed.seq} are those that ${sayNodes(trail, witnessed)} have checked, stored and signed for (root ${witnessed.root}); the nodes’ keys are in the genesis.`,
  );
};

/** Why the activity isn't there: usually its own entry did not hold. */
const missing = (trail: Trail, activityId: string): Check => {
  const own = [...trail.voids.values()].find(({ entry }) => entry.effects.activityId === activityId);
  return failed(
    'request',
    own
      ? `The request (entry ${own.entry.seq}) does not count: ${own.refusal.message}`
      : `No entry of this ledger asks for ${activityId}.`,
  );
};

const requestIn = (told: { readonly request?: unknown }): { readonly [member: string]: Json } =>
  typeof told.request === 'object' && told.request !== null ? (told.request as { [member: string]: Json }) : {};
/** Files from before the rendering was put into them say no less true what they say. */
const holdsRendering = (stated: Evidence['told']): boolean => 'rendering' in requestIn(stated);
const withoutRendering = (own: Told): Told => {
  const { rendering: _rendering, ...request } = requestIn(own);
  return { ...own, request };
};

const toldCheck = (stated: Evidence['told'], own: Told): Check => {
  const found = firstDifference(stated, holdsRendering(stated) ? own : withoutRendering(own));
  if (found) return failed('told', `The file says “${found.path}” is ${found.stated}; the entries say ${found.own}.`);
  return held('told', 'Everything else that the file spells out is what the entries say.');
};

const namesCheck = ({ stated, activityId }: Evidence): Check[] => {
  if (peopleHash(activityId, stated.people) !== stated.hash)
    return [failed('names', 'The names of people (stated.people) are not those that stated.hash was made over.')];
  return stated.people.length === 0 ? [] : [held('names', 'The names are as the server wrote them into the file.')];
};

/** Without a fingerprint from elsewhere everything rests on a genesis that anybody could have made: the result says so first. */
const outcomeOf = (
  { trail, activity, told }: Pick<Reader, 'trail' | 'activity' | 'told'>,
  expected: Expected,
): string => {
  const { orgId } = trail.replica;
  const { fingerprint } = told.organisation as { readonly fingerprint: string };
  const proven =
    expected.genesis === undefined ? `PROVEN, if the fingerprint of your organisation is ${fingerprint}` : 'PROVEN';
  const subject = subjectOf({ trail, activity });
  return activity.release
    ? `${proven}: ${subject} was signed by the rules of organisation ${orgId}.`
    : `${proven}: up to entry ${trail.replica.head?.seq}, the last one here, ${subject} is ${activity.status} and no signature for it stands.`;
};

const verify = (bytes: Uint8Array, ports: LedgerPorts, expected: Expected): Verdict => {
  const read = readEvidence(bytes);
  if (!read.ok) return verdictOf([failed('file', read.words)], '', []);
  const { evidence } = read;
  const file = held('file', `The file is whole: ${bytes.length} bytes in canonical form (${evidence.format}).`);
  const replayed = replayEvidence(evidence, ports);
  if (!replayed.ok) return verdictOf([file, failed('chain', replayed.words)], '', []);
  const { trail } = replayed;
  const before = [file, chainCheck(trail, evidence), genesisCheck(trail, expected), checkpointCheck(trail)];
  const activity = find(trail.replica.state, 'activity', evidence.activityId);
  const told = tell(trail, ports);
  if (!activity || !told.ok) return verdictOf([...before, missing(trail, evidence.activityId)], '', []);
  const reader = { evidence, trail, activity, told: told.value };
  const checks = [
    ...before,
    ...agreementChecks(reader),
    ...signingChecks(reader, ports),
    toldCheck(evidence.told, JSON.parse(canonicalJson(told.value as Json)) as Told),
    ...namesCheck(evidence),
  ];
  return verdictOf(checks, outcomeOf(reader, expected), notChecked(evidence, trail, activity, expected));
};

/**
 * Judges evidence of one activity from its bytes alone: it replays the ledger in it from the genesis with the code that API and
 * signers run, makes the signers' own check of the signed bytes, and compares everything the file spells out. Needs no network and
 * no database. Never throws: whatever can't be judged is a failure.
 */
export const verifyEvidence = (bytes: Uint8Array, ports: LedgerPorts, expected: Expected = {}): Verdict => {
  try {
    return verify(bytes, ports, expected);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unknown error';
    return verdictOf([failed('file', `The file could not be judged: ${reason}`)], '', []);
  }
};
