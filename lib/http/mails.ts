import { registrationUrl } from '@/lib/authentication/organisations';
import type { Mail } from '@/lib/http/mail';
import type { ActivityRecord, ApprovalRecord } from '@/lib/ledger/records';

/** Invites a person to register. */
export const registrationMail = (
  invitation: { readonly orgId: string; readonly username: string; readonly registrationCode: string },
  publicUrl: string,
): Mail => ({
  to: invitation.username,
  subject: 'Your registration code for Countersign',
  text: [
    'You were invited to Countersign.',
    '',
    `Open ${registrationUrl(publicUrl, invitation)} to register a passkey, or enter by hand:`,
    '',
    `Organisation: ${invitation.orgId}`,
    `Code: ${invitation.registrationCode}`,
    '',
    'The code is good once, for seven days. Whoever invited you never needs to know it.',
  ].join('\n'),
  code: invitation.registrationCode,
});

type Named = { readonly to: string; readonly by: string; readonly publicUrl: string };

const linkTo = ({ id }: ApprovalRecord, publicUrl: string): string => `${publicUrl}/console/approvals/${id}`;

/** Asks an approver whom a policy names. What is asked stands in the console: nobody should approve what a mail says. */
export const approvalAskedMail = (
  approval: ApprovalRecord,
  { to, by, publicUrl, about = 'asked' }: Named & { readonly about?: 'asked' | 'reminder' | 'escalated' },
): Mail => ({
  to,
  subject: {
    asked: 'Your approval is asked in Countersign',
    reminder: 'Reminder: your approval is asked in Countersign',
    escalated: 'An approval in Countersign was passed on to you',
  }[about],
  text: [
    about === 'escalated'
      ? `${by} asks for something that was not decided in time: you may approve it now (${approval.activityKind}).`
      : `${by} asks for something that takes your approval (${approval.activityKind}).`,
    '',
    `See what it is, and decide, at ${linkTo(approval, publicUrl)}`,
    ...(approval.expirationDate === undefined
      ? []
      : ['', `Without a decision it expires at ${new Date(approval.expirationDate).toISOString()}.`]),
    '',
    'This mail does not say what you would approve, on purpose: read it in the console, where your key signs what you see.',
  ].join('\n'),
});

/** Tells who asked how their request was decided. */
export const approvalDecidedMail = (approval: ApprovalRecord, { to, publicUrl }: Named): Mail => ({
  to,
  subject: `Your request was ${approval.status.toLowerCase()} in Countersign`,
  text: [
    `What you asked for (${approval.activityKind}) was ${approval.status.toLowerCase()}.`,
    '',
    `See who decided, and what comes next, at ${linkTo(approval, publicUrl)}`,
  ].join('\n'),
});

/** Tells who asked that a request came to nothing, where no approver decided that. */
export const requestEndedMail = (
  activity: Pick<ActivityRecord, 'id' | 'kind' | 'status' | 'chain'>,
  { to, publicUrl }: Omit<Named, 'by'>,
): Mail => {
  const word = activity.chain?.status === 'Failed' ? 'failed' : activity.status.toLowerCase();
  return {
    to,
    subject: `Your request ${word === 'failed' ? word : `was ${word}`} in Countersign`,
    text: [
      `The ${activity.kind.toLowerCase()} you asked for ${word === 'failed' ? word : `was ${word}`}: it will not happen unless it is asked for again.`,
      '',
      `See why at ${publicUrl}/console/activity/${activity.id}`,
    ].join('\n'),
  };
};

const withCode = (to: string, code: string, subject: string, before: string, after: string): Mail => ({
  to,
  subject,
  text: [before, '', `Code: ${code}`, '', after].join('\n'),
  code,
});

/** Lets somebody sign in with a key that lies under their password. */
export const loginMail = (to: string, code: string): Mail =>
  withCode(
    to,
    code,
    'Your sign-in code for Countersign',
    'Somebody, probably you, asked to sign in to Countersign.',
    'The code is good once, for 15 minutes. If it was not you, do nothing: without your password nobody gets in.',
  );

/** Lets somebody begin to recover their account. */
export const recoveryMail = (to: string, code: string): Mail =>
  withCode(
    to,
    code,
    'Your recovery code for Countersign',
    'Somebody, probably you, asked to recover your account at Countersign.',
    'The code is good for 15 minutes, together with your recovery key. If it was not you, do nothing, and tell an administrator.',
  );

/** Tells the owner what was done in their name. */
export const recoveredMail = (to: string): Mail => ({
  to,
  subject: 'Your account at Countersign was recovered',
  text: [
    'Your recovery key was used: new credentials stand in the place of all your former ones, which have ended.',
    '',
    'If it was not you, ask an administrator at once to freeze the organisation and to deactivate your account.',
  ].join('\n'),
});

/** Tells the owner what was added in their name. */
export const newCredentialMail = (to: string): Mail => ({
  to,
  subject: 'A credential was added to your account at Countersign',
  text: [
    'A credential was added to your account with a code that you asked for.',
    '',
    'If it was not you, deactivate the credential, and the one with which the code was asked for.',
  ].join('\n'),
});
