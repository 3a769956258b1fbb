import type { PolicyActivity, PolicyRule } from '../policy';
import { notTriggered, type RuleResult, triggered } from './result';

/** Triggers when the true recipient is not on the list or is unknown. EVM addresses are compared without case, others exactly. */
export const evaluateTransactionRecipientWhitelist = (rule: PolicyRule, activity: PolicyActivity): RuleResult => {
  const addresses = rule.configuration?.addresses;
  if (!Array.isArray(addresses)) return triggered("The list of recipients of this policy can't be understood.");
  const recipient = activity.facts?.recipient ?? null;
  const compared = { what: 'recipient', value: recipient, limit: `${addresses.length} listed` } as const;
  if (recipient === null) return triggered('The recipient is unknown.', compared);
  const isListed = addresses.some((address) => typeof address === 'string' && isSameAddress(address, recipient));
  return isListed
    ? notTriggered(`Recipient (${recipient}) is on the list of known recipients.`, compared)
    : triggered(`Recipient (${recipient}) is not on the list of known recipients.`, compared);
};

const EVM_ADDRESS = /^0x[0-9a-f]{40}$/i;

const isSameAddress = (a: string, b: string): boolean =>
  EVM_ADDRESS.test(a) && EVM_ADDRESS.test(b) ? a.toLowerCase() === b.toLowerCase() : a === b;
