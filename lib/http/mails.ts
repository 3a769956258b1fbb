import { registrationUrl } from '@/lib/authentication/organisations';
import type { Mail } from '@/lib/http/mail';

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
