import type { Store } from './store';

/** Something an operator has to look at, with what shows it. `at` is unix ms by this node's clock. */
export type Alarm = {
  readonly orgId: string;
  readonly code: string;
  /** What it is about, e.g. an activity; with organisation and code it names the alarm. */
  readonly subject: string;
  readonly message: string;
  readonly content: Readonly<Record<string, unknown>>;
  readonly at: number;
};

/** A node's own alarms: they stay on its disk, and are told again at every connection. */
export type Alarms = {
  /** Kept and told once. */
  raise(alarm: Alarm): void;
  /** It turned out to be nothing. */
  clear(orgId: string, code: string, subject: string): void;
  all(): readonly Alarm[];
};

/** Of the node as a whole: raised in every ledger it follows, whose organisations all rest on it. */
export type NodeAlarm = (
  code: string,
  subject: string,
  message: string,
  content: Readonly<Record<string, unknown>>,
) => void;
export const QUARANTINED = 'signer.quarantined';
export const PAIR_BURNED = 'signer.pair_burned';

export const createAlarms = (
  store: Store,
  tell: (alarm: Alarm, isCleared: boolean) => void,
  log: (level: 'error' | 'info', message: string, fields: object) => void,
): Alarms => {
  const all: Alarms['all'] = () =>
    store
      .all('SELECT org, code, subject, message, content, at FROM alarm ORDER BY at LIMIT 200')
      .map(({ org, code, subject, message, content, at }) => ({
        orgId: String(org),
        code: String(code),
        subject: String(subject),
        message: String(message),
        content: JSON.parse(String(content)) as Alarm['content'],
        at: Number(at),
      }));
  return {
    all,
    raise: (alarm) => {
      const { orgId, code, subject, message, content, at } = alarm;
      const isNew = store.run(
        'INSERT OR IGNORE INTO alarm (org, code, subject, message, content, at) VALUES (?, ?, ?, ?, ?, ?)',
        orgId,
        code,
        subject,
        message,
        JSON.stringify(content),
        at,
      );
      if (isNew !== 1) return;
      log('error', `ALERT: ${message}`, { orgId, code, subject });
      tell(alarm, false);
    },
    clear: (orgId, code, subject) => {
      const found = all().find((one) => one.orgId === orgId && one.code === code && one.subject === subject);
      if (!found) return;
      store.run('DELETE FROM alarm WHERE org = ? AND code = ? AND subject = ?', orgId, code, subject);
      log('info', 'An alarm is over.', { orgId, code, subject });
      tell(found, true);
    },
  };
};
