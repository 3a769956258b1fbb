import type { OrgRecord, SessionRules } from './records';
import { versionOf } from './version';

/** What an organisation set for itself after its genesis; a change of it is governed (design §4.3). */
export type OrgSettings = {
  /** Stricter rules about approvals and recovery (design §6). */
  readonly strict: boolean;
  /** Origins from which passkeys sign. */
  readonly origins: readonly string[];
  readonly sessions: SessionRules;
};

const NO_SESSION_RULES: SessionRules = { lifeMinutes: null, idleMinutes: null };

/** Origins from which passkeys sign now: those of the genesis until they were changed. */
export const originsOf = (org: Pick<OrgRecord, 'origins' | 'genesis'>): readonly string[] =>
  org.origins ?? org.genesis.origins;

export const settingsOf = (org: OrgRecord): OrgSettings => ({
  strict: org.strict,
  origins: originsOf(org),
  sessions: org.sessions ?? NO_SESSION_RULES,
});

/**
 * Whether what loosens policies on signatures takes a day there, at that time in unix ms: in a `strict` organisation, and for a day after
 * it is none any more, or to turn that off would be the way around it.
 */
export const isCooling = (org: Pick<OrgRecord, 'strict' | 'coolsUntil'> | undefined, at: number): boolean =>
  org !== undefined && (org.strict || at < (org.coolsUntil ?? 0));

/** Hash of all settings: what a change replaces. */
export const settingsVersion = ({ strict, origins, sessions }: OrgSettings): string =>
  versionOf({ strict, origins, sessions });

const LOOPBACK = ['localhost', '127.0.0.1'];

/** Whether pages of the origin may ask for passkeys of the relying party: it or a name below it, over HTTPS or on this machine. */
export const isOriginOf = (origin: string, rpId: string): boolean => {
  if (!URL.canParse(origin)) return false;
  const { origin: canonical, hostname, protocol } = new URL(origin);
  const isBelow = hostname === rpId || hostname.endsWith(`.${rpId}`);
  return (
    canonical === origin && isBelow && (protocol === 'https:' || (protocol === 'http:' && LOOPBACK.includes(hostname)))
  );
};
