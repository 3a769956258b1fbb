import { type JobWorker, startJobWorker } from '@/lib/db/job-worker';
import type { Mail, SendMail } from '@/lib/http/mail';
import { approvalAskedMail, approvalDecidedMail, requestEndedMail } from '@/lib/http/mails';
import type { Services } from '@/lib/http/services';
import type { JobPayload } from '@/lib/jobs/jobs';
import type { ActivityRecord, ApprovalRecord } from '@/lib/ledger/records';
import { askApprovers, askDeputy } from './asking';
import { deliverMail } from './mail-queue';
import { registerSent, type TellSent } from './screening/register-sent';

export type MailerDeps = {
  readonly services: Pick<
    Services,
    'db' | 'identity' | 'getRecord' | 'loadGovernance' | 'reads' | 'now' | 'log' | 'settings'
  >;
  readonly secretMailKey: Uint8Array;
  /** Hands a mail over now. */
  readonly deliver: SendMail;
  /** Has the vendor that screened a transfer told where it went out. */
  readonly tellSent: TellSent;
};

/** Tells people and vendors what happened: delivers kept mails, writes those about requests. What fails is tried again, later each time. */
export const startMailer = ({ services, secretMailKey, deliver, tellSent }: MailerDeps): JobWorker => {
  const { db, log } = services;
  return startJobWorker({
    db,
    handlers: {
      'send-mail': async ({ mailId }) => {
        await deliverMail(mailId, { db, secretMailKey, deliver });
        return undefined;
      },
      'ask-approvers': (payload) => askApprovers(payload, services),
      'register-sent': (payload) => registerSent(payload, services, tellSent),
      'ask-deputy': (payload) => askDeputy(payload, services),
      'mail-request': async ({ orgId, activityId }) => {
        const activity = await services.getRecord(orgId, 'activity', activityId);
        const mail = activity && (await mailAboutEnd(orgId, activity, services));
        if (mail) await deliver(mail);
        return undefined;
      },
      'mail-approval': async ({ orgId, approvalId, userId, about }) => {
        const approval = await services.getRecord(orgId, 'approval', approvalId);
        const mail = approval && (await mailAbout({ orgId, userId, about }, approval, services));
        if (mail) await deliver(mail);
        return undefined;
      },
    },
    concurrency: 2,
    onError: (error, job) => log.warn({ err: error, job: job?.name, attempt: job?.attempt }, 'a mail waits'),
  });
};

/** The mail due now: an approval that was decided meanwhile asks nobody any more. Null where there is nothing to say or nobody to say it to. */
const mailAbout = async (
  { orgId, userId, about }: Pick<JobPayload<'mail-approval'>, 'orgId' | 'userId' | 'about'>,
  approval: ApprovalRecord,
  { identity, getRecord, settings }: MailerDeps['services'],
): Promise<Mail | null> => {
  if ((approval.status === 'Pending') !== (about !== 'decided')) return null;
  const person = await activePerson(orgId, userId, { identity, getRecord });
  if (!person) return null;
  const initiator = await identity.findPerson(orgId, approval.initiatorId);
  const named = { to: person.username, by: initiator?.username ?? approval.initiatorId, publicUrl: settings.publicUrl };
  return about === 'decided' ? approvalDecidedMail(approval, named) : approvalAskedMail(approval, { ...named, about });
};

/** The mail about a request that ended without its approval being decided. */
const mailAboutEnd = async (
  orgId: string,
  activity: ActivityRecord,
  { identity, getRecord, settings }: MailerDeps['services'],
): Promise<Mail | null> => {
  const person = await activePerson(orgId, activity.requester.userId, { identity, getRecord });
  return person && requestEndedMail(activity, { to: person.username, publicUrl: settings.publicUrl });
};

const activePerson = async (
  orgId: string,
  userId: string,
  { identity, getRecord }: Pick<MailerDeps['services'], 'identity' | 'getRecord'>,
) => {
  const user = await getRecord(orgId, 'user', userId);
  return user?.isActive ? identity.findPerson(orgId, userId) : null;
};
