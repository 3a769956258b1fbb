import type { Permission } from '@/lib/client/shapes';

/** What a role asks of the proof with which it is used, in words. */
export const ruleWords = (rules: Permission['rules']): string => {
  const words = [
    ...(rules?.hardwareBoundOnly ? ['counts only with a passkey that never leaves its device'] : []),
    ...(rules?.reauthenticateMinutes
      ? [`its holder signed in at most ${rules.reauthenticateMinutes} minutes ago, and signs changes with a passkey`]
      : []),
  ];
  return words.length > 0 ? words.join('; ') : 'none';
};
