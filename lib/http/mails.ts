import { registrationUrl } from '@/lib/authentication/organisations';
import type { Mail } from '@/lib/http/mail';
import type { ApprovalRecord } from '@/lib/ledger/records';

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
export const approvalAskedMail = (approval: ApprovalRecord, { to, by, publicUrl }: Named): Mail => ({
  to,
  subject: 'Your approval is asked in Countersign',
  text: [
    `${by} asks for something that takes your approval (${approval.activityKind}).`,
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
