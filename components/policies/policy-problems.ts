import { z } from 'zod';
import type { FormOf } from '@/components/ui/form';
import type { PolicyDefinition } from '@/lib/client/shapes';
import { policyBody } from '@/lib/contract/policies';

/** The editor's form: a definition as it stands, complete or not. */
export type PolicyFormOf = FormOf<PolicyDefinition, PolicyDefinition>;

/** Something wrong with a definition: the field that shows it, and a sentence for people. */
export type PolicyProblem = { readonly path: readonly PropertyKey[]; readonly message: string };
type Issue = z.core.$ZodIssue;

const WHOLE_MINUTES = 'Write whole minutes, from 1 to 43,200 (thirty days).';
const ADDRESSES = /^(rule\.configuration\.addresses)\.(\d+)$/;
const GROUP = /^action\.approvalGroups\.\d+\.(.+)$/;

/** What to do about a field, by the path of the definition; lists of people and things are one field each. */
const SENTENCES: readonly (readonly [RegExp, string])[] = [
  [/^name$/, 'Give the policy a name, of at most 100 characters.'],
  [/^rule\.configuration\.limit$/, 'Write a number: 0 or more.'],
  [/^rule\.configuration\.timeframe$/, WHOLE_MINUTES],
  [/^rule\.configuration\.auto(Trigger|ClearAfterDelivered)TimeoutSeconds$/, 'Write whole seconds: 0 or more.'],
  [/^rule\.configuration\.riskScoreThreshold$/, 'Write a number from 0 to 100.'],
  [/^rule\.configuration\.addresses$/, 'List at most 10,000 addresses.'],
  [/^action\.autoRejectTimeout$/, 'Write whole minutes, from 1 to 5,256,000 (ten years).'],
  [/^action\.minimumDelay$/, 'Write whole minutes, from 1 to 7,200 (five days).'],
  [/^filters\./, 'Choose at most 100, each tag of at most 100 characters.'],
];
const OF_GROUPS: readonly (readonly [RegExp, string])[] = [
  [/^name$/, 'Name the group with at most 100 characters.'],
  [/^quorum$/, 'Write how many must agree: 1 or more.'],
  [/^approvers/, 'Tick at least one person, and at most 100.'],
  [/^escalation\.afterMinutes$/, WHOLE_MINUTES],
  [/^escalation\.approvers/, 'Tick at least one person to ask later, and at most 100.'],
];

const sentenceOf = (sentences: typeof SENTENCES, path: string): string | undefined =>
  sentences.find(([pattern]) => pattern.test(path))?.[1];

/** A contract's own sentence, as one for people. */
const asSentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

const problemOf = (issue: Issue): PolicyProblem => {
  const path = issue.path.join('.');
  const line = ADDRESSES.exec(path);
  if (line?.[1])
    return { path: line[1].split('.'), message: `Line ${Number(line[2]) + 1} is too long to be an address.` };
  const ofGroup = GROUP.exec(path)?.[1];
  const known = ofGroup === undefined ? sentenceOf(SENTENCES, path) : sentenceOf(OF_GROUPS, ofGroup);
  // What the contract says in its own words knows more than the field.
  const message = issue.code === 'custom' || !known ? asSentence(issue.message) : known;
  return { path: issue.path, message };
};

/** Everything wrong with a definition, as the contract judges it. A quorum is not out of reach before somebody was ticked. */
export const policyProblems = (definition: unknown): readonly PolicyProblem[] => {
  const parsed = policyBody.safeParse(definition);
  if (parsed.success) return [];
  const { issues } = parsed.error;
  const paths = issues.map(({ path }) => path.join('.'));
  const isEarly = ({ code, path }: Issue): boolean => {
    const group = /^(action\.approvalGroups\.\d+)\.quorum$/.exec(path.join('.'))?.[1];
    return code === 'custom' && group !== undefined && paths.includes(`${group}.approvers.userId.in`);
  };
  return issues.filter((issue) => !isEarly(issue)).map(problemOf);
};

/** Reads the editor's form by the contract. */
export const policyForm = z.custom<PolicyDefinition>().superRefine((definition, context) => {
  for (const { path, message } of policyProblems(definition))
    context.addIssue({ code: 'custom', path: [...path], message });
});
