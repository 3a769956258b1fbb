import type { PolicyActivity, PolicyRule } from '../policy';
import { ALERT_LEVELS, type AlertLevel, type Finding, type Screening, type ScreeningVendor } from '../screening';
import { notTriggered, type RuleResult, triggered } from './result';

const isCategories = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((item) => Number.isSafeInteger(item));
const isLevel = (value: unknown): value is AlertLevel => ALERT_LEVELS.some((level) => level === value);
const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as { readonly [key: string]: unknown })[name] : undefined;

/** Which rules read a fact of which vendor, and by which flag a policy lets a failure of that vendor pass. */
const VENDOR_RULES: Readonly<Record<string, { readonly vendor: ScreeningVendor; readonly failure?: string }>> = {
  ChainalysisTransactionPrescreening: { vendor: 'Chainalysis', failure: 'skipChainalysisFailure' },
  ChainalysisTransactionScreening: { vendor: 'Chainalysis', failure: 'skipChainalysisFailure' },
  GlobalLedgerTransactionPrescreening: { vendor: 'GlobalLedger', failure: 'skipGlobalLedgerFailure' },
  TravelRuleTransactionPrescreening: { vendor: 'Notabene' },
};

/** The vendor whose answer a rule of the kind needs, or null for rules that need none. */
export const vendorOfRule = (kind: string): ScreeningVendor | null => VENDOR_RULES[kind]?.vendor ?? null;

const SAID: Readonly<Record<Finding['kind'], string>> = {
  alert: 'alert',
  exposure: 'direct exposure',
  address: 'address known',
  sanctions: 'listing',
};

const words = ({ kind, category, categoryId, level }: Finding): string =>
  `${level ? `${level} ` : ''}${SAID[kind]} “${category}”${categoryId === null ? '' : ` (${categoryId})`}`;

const list = (findings: readonly Finding[]): string => findings.map(words).join(', ');
const by = ({ sources }: Screening): string => (sources.length > 0 ? ` by ${sources.join(', ')}` : '');

/** What of an answer a rule objects to, in words; empty where nothing is. Null: the configuration can't be understood. */
type Objection = { readonly limit: string; readonly value: string; readonly objects: boolean } | null;

const chainalysis = (rule: PolicyRule, { findings }: Screening): Objection => {
  const { alerts, exposures, addresses } = rule.configuration ?? {};
  const level = member(alerts, 'alertLevel');
  const ofAlerts = member(alerts, 'categoryIds');
  const ofExposures = member(member(exposures, 'direct'), 'categoryIds');
  const ofAddresses = addresses === undefined ? [] : member(addresses, 'categoryIds');
  if (!isLevel(level) || !isCategories(ofAlerts) || !isCategories(ofExposures) || !isCategories(ofAddresses))
    return null;
  const isNamed = (categories: readonly number[], { categoryId }: Finding): boolean =>
    categories.length > 0 && (categoryId === null || categories.includes(categoryId));
  const against = findings.filter((finding) => {
    switch (finding.kind) {
      case 'sanctions':
        return true;
      case 'alert':
        return (
          ALERT_LEVELS.indexOf(finding.level ?? 'SEVERE') >= ALERT_LEVELS.indexOf(level) &&
          (ofAlerts.length === 0 || isNamed(ofAlerts, finding))
        );
      case 'exposure':
        return isNamed(ofExposures, finding);
      case 'address':
        return isNamed(ofAddresses, finding);
      default:
        return true;
    }
  });
  const said = (categories: readonly number[]): string => (categories.length > 0 ? categories.join(', ') : 'none');
  const limit = [
    'sanctions lists',
    `alerts from ${level}${ofAlerts.length > 0 ? ` of categories ${ofAlerts.join(', ')}` : ''}`,
    `direct exposure to categories ${said(ofExposures)}`,
    ...(addresses === undefined ? [] : [`addresses of categories ${said(ofAddresses)}`]),
  ].join('; ');
  const value = list(against.length > 0 ? against : findings) || 'nothing found';
  return { limit, value, objects: against.length > 0 };
};

const globalLedger = (rule: PolicyRule, { score }: Screening): Objection => {
  const threshold = rule.configuration?.riskScoreThreshold;
  if (typeof threshold !== 'number' || !(threshold >= 0 && threshold <= 100)) return null;
  const value = score === undefined ? 'no risk score' : `risk score ${score}`;
  return { limit: `risk score ${threshold}`, value, objects: score === undefined || score >= threshold };
};

/** A message counts as answered when it is accepted, or lay at the other side for as long as the policy says. */
const travelRule = (rule: PolicyRule, { message, at }: Screening): Objection => {
  const { autoTriggerTimeoutSeconds, autoClearAfterDeliveredTimeoutSeconds: clearAfter } = rule.configuration ?? {};
  if (typeof autoTriggerTimeoutSeconds !== 'number') return null;
  const waited = message ? Math.max(0, Math.floor((at - message.since) / 1000)) : 0;
  const isCleared =
    message?.state === 'accepted' ||
    (message?.state === 'delivered' && typeof clearAfter === 'number' && waited >= clearAfter);
  const limit =
    typeof clearAfter === 'number'
      ? `accepted, or delivered ${clearAfter} s ago with no answer`
      : 'accepted by the other side';
  return {
    limit,
    value: message ? `message ${message.state} for ${waited} s` : 'no message',
    objects: !isCleared,
  };
};

const objectionOf = (rule: PolicyRule, screening: Screening): Objection => {
  switch (VENDOR_RULES[rule.kind]?.vendor) {
    case 'Chainalysis':
      return chainalysis(rule, screening);
    case 'GlobalLedger':
      return globalLedger(rule, screening);
    case 'Notabene':
      return travelRule(rule, screening);
    default:
      return null;
  }
};

/** A screening that says nothing, to read a rule's own words from. */
const SILENT: Screening = { vendor: 'Chainalysis', outcome: 'screened', sources: [], findings: [], at: 0 };

/**
 * Triggers by what the vendor found, as the oracle signed it. Where there is no answer the policy's own fallback decides, and only about
 * what the oracle signed: a fact that is missing, stale or contradicted always triggers, whatever the policy would skip. What was found
 * counts also where another source failed.
 */
export const evaluateScreening = (rule: PolicyRule, activity: PolicyActivity): RuleResult => {
  const known = VENDOR_RULES[rule.kind];
  const words = objectionOf(rule, SILENT);
  if (!known || !words) return triggered("The configuration of this policy can't be understood.");
  const { vendor } = known;
  const compared = { what: 'screening', value: null, limit: words.limit } as const;
  const fallback = (flag: string | undefined, why: string): RuleResult =>
    flag !== undefined && member(rule.configuration?.fallbackBehaviours, flag) === true
      ? notTriggered(`${why} This policy lets such requests pass.`, compared)
      : triggered(`${why} This policy does not let such requests pass.`, compared);
  const { facts } = activity;
  if (!facts || facts.recipient === null || facts.asset === null || facts.amount === null)
    return fallback('skipUnscreenableTransaction', "Not screened: who receives what can't be told from the request.");
  const reading = activity.screening?.(vendor) ?? { outcome: 'missing' as const };
  switch (reading.outcome) {
    case 'missing':
      return triggered(`Not screened: there is no signed answer of ${vendor} about this transfer.`, compared);
    case 'stale':
      return triggered(`Not screened: the signed answer of ${vendor} is too old.`, compared);
    case 'conflicting':
      return triggered(`Not screened: signed answers of ${vendor} contradict each other.`, compared);
    default:
      break;
  }
  const objection = objectionOf(rule, reading);
  if (!objection) return triggered("The configuration of this policy can't be understood.");
  const found = { ...compared, value: `${objection.value}${by(reading)}` };
  const isFound = objection.objects && reading.findings.length > 0;
  if (reading.outcome === 'screened' || isFound)
    return objection.objects
      ? triggered(`Screening${by(reading)} found: ${objection.value}.`, found)
      : notTriggered(`Screening${by(reading)} found nothing this policy looks for: ${objection.value}.`, found);
  const why = reading.reason ? ` (${reading.reason})` : '';
  switch (reading.outcome) {
    case 'unsupportedNetwork':
      return fallback('skipUnsupportedNetwork', `Not screened: ${vendor} does not know the network.`);
    case 'unsupportedAsset':
      return fallback('skipUnsupportedAsset', `Not screened: ${vendor} does not know the asset.`);
    default:
      return fallback(known.failure, `Not screened: ${vendor} did not answer${why}.`);
  }
};
