import { memoOf } from '../memo';
import type { PolicyActivity, PolicyRule } from '../policy';
import { notTriggered, type RuleResult, triggered } from './result';

/** Triggers when the true recipient is not on the list or is unknown. EVM addresses are compared without case, others exactly. */
export const evaluateTransactionRecipientWhitelist = (rule: PolicyRule, activity: PolicyActivity): RuleResult => {
  const list = listOf(rule);
  if (!list) return triggered("The list of recipients of this policy can't be understood.");
  const recipient = activity.facts?.recipient ?? null;
  const compared = { what: 'recipient', value: recipient, limit: list.limit } as const;
  if (recipient === null) return triggered('The recipient is unknown.', compared);
  return list.addresses.has(comparable(recipient))
    ? notTriggered(`Recipient (${recipient}) is on the list of known recipients.`, compared)
    : triggered(`Recipient (${recipient}) is not on the list of known recipients.`, compared);
};

const EVM_ADDRESS = /^0x[0-9a-f]{40}$/i;

const comparable = (address: string): string => (EVM_ADDRESS.test(address) ? address.toLowerCase() : address);

const listOf = memoOf((rule: PolicyRule) => {
  const addresses = rule.configuration?.addresses;
  if (!Array.isArray(addresses)) return null;
  const texts = addresses.filter((address) => typeof address === 'string');
  return { addresses: new Set(texts.map(comparable)), limit: `${addresses.length} listed` };
});
