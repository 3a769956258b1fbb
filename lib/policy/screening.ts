/** Who is asked. The rules of one vendor read one fact, whichever of its sources are configured. */
export const SCREENING_VENDORS = ['Chainalysis', 'GlobalLedger', 'Notabene'] as const;
export type ScreeningVendor = (typeof SCREENING_VENDORS)[number];

/** From the mildest. */
export const ALERT_LEVELS = ['LOW', 'MEDIUM', 'HIGH', 'SEVERE'] as const;
export type AlertLevel = (typeof ALERT_LEVELS)[number];

/**
 * One thing a source holds against a counterparty. A category without a number is one that no rule can name: it always counts.
 * `sanctions` is a listing by a sanctions list, whichever source reads it.
 */
export type Finding = {
  readonly kind: 'alert' | 'exposure' | 'address' | 'sanctions';
  readonly category: string;
  readonly categoryId: number | null;
  /** Of alerts alone. */
  readonly level?: AlertLevel;
};

/** How far a travel-rule message got. */
export const MESSAGE_STATES = ['accepted', 'rejected', 'delivered', 'pending'] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

/**
 * `screened`: every source that can has answered. `failed`: one that should have answered did not, or none is configured.
 * `conflicting`: two genuine facts about the same moment differ.
 */
export const SCREENING_OUTCOMES = [
  'screened',
  'failed',
  'unsupportedNetwork',
  'unsupportedAsset',
  'conflicting',
] as const;
export type ScreeningOutcome = (typeof SCREENING_OUTCOMES)[number];

/** What a vendor said of one transfer, as the oracle signed it. */
export type Screening = {
  readonly vendor: ScreeningVendor;
  readonly outcome: ScreeningOutcome;
  /** Why it is not `screened`, in a few words of the oracle's own. */
  readonly reason?: string;
  /** Names of the sources that answered. */
  readonly sources: readonly string[];
  readonly findings: readonly Finding[];
  /** 0 to 100, where the vendor gives one. */
  readonly score?: number;
  /** Where the vendor carries travel-rule messages; `since` is unix ms. */
  readonly message?: { readonly state: MessageState; readonly since: number };
  /** When the oracle signed it, unix ms. */
  readonly at: number;
};

/** A screening as a rule reads it at one moment. Absent: nobody may rely on anything, whatever a policy would skip. */
export type ScreeningReading = Screening | { readonly outcome: 'missing' | 'stale' };

const sameFinding = (a: Finding, b: Finding): boolean =>
  a.kind === b.kind && a.category === b.category && a.categoryId === b.categoryId && a.level === b.level;

const union = (a: readonly Finding[], b: readonly Finding[]): readonly Finding[] => [
  ...a,
  ...b.filter((finding) => !a.some((known) => sameFinding(known, finding))),
];

const worst = (a: number | undefined, b: number | undefined) =>
  a === undefined && b === undefined ? {} : { score: Math.max(a ?? 0, b ?? 0) };

/** Two facts signed for one moment: they agree, or nobody knows. What either found counts. */
export const joinScreenings = (a: Screening, b: Screening): Screening => {
  const findings = union(a.findings, b.findings);
  const agree =
    a.outcome === b.outcome &&
    findings.length === a.findings.length &&
    findings.length === b.findings.length &&
    a.score === b.score &&
    a.message?.state === b.message?.state;
  const sources = [...new Set([...a.sources, ...b.sources])];
  return {
    ...(a.at < b.at ? b : a),
    ...worst(a.score, b.score),
    sources,
    findings,
    ...(agree ? {} : { outcome: 'conflicting' as const, reason: 'two signed answers differ' }),
    // The older one decides how long they count.
    at: Math.min(a.at, b.at),
  };
};

/** A later fact about the same transfer. What was once found stays found: a renewed answer only tightens. */
export const renewScreening = (earlier: Screening, later: Screening): Screening => ({
  ...later,
  ...worst(earlier.score, later.score),
  findings: union(earlier.findings, later.findings),
});

/** Whether a renewed answer holds more against the transfer than the one before: who approved did not know of it. */
export const isWorse = (earlier: Screening, later: Screening): boolean =>
  later.findings.some((finding) => !earlier.findings.some((known) => sameFinding(known, finding))) ||
  (later.score ?? 0) > (earlier.score ?? 0) ||
  (later.outcome !== 'screened' && later.outcome !== earlier.outcome) ||
  (later.message?.state === 'rejected' && earlier.message?.state !== 'rejected');
