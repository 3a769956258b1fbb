import type { Services } from './services';

/** Answer of `/health/ready`: 200 with the database, the sequencer, no signer known to be ahead of the database, and at least k signers (design §7). */
export const healthAnswer = async ({ health, settings, log }: Services): Promise<{ status: number; body: unknown }> => {
  const found = await health().catch((err: unknown) => {
    log.warn({ err }, 'health could not be read');
    const jobs = { waiting: 0, late: 0, failing: 0 };
    return {
      database: false,
      sequencer: false,
      signersReady: 0,
      signersQuarantined: 0,
      pairsExcluded: 0,
      clockOffsetsMs: {},
      enrolment: null,
      recovery: null,
      chainAlarms: 0,
      ledgerAlarms: 0,
      jobs,
      sources: null,
    };
  });
  const isReady =
    found.database && found.sequencer && found.recovery === null && found.signersReady >= settings.threshold;
  const body = {
    status: isReady ? 'ready' : 'not ready',
    database: found.database ? 'ok' : 'unreachable',
    sequencer: found.sequencer ? 'ok' : 'not running',
    ledgers: found.recovery ?? 'ok',
    signers: {
      ready: found.signersReady,
      needed: settings.threshold,
      of: settings.signers,
      clockOffsetsMs: found.clockOffsetsMs,
    },
    alarms: {
      transactionsUnknownToLedger: found.chainAlarms,
      signersAboutLedgers: found.ledgerAlarms,
      signersInQuarantine: found.signersQuarantined,
      pairSetupsExcluded: found.pairsExcluded,
    },
    enrolment: found.enrolment ?? 'unknown',
    jobs: found.jobs,
    oracle: found.sources ?? 'not answering',
    profile: settings.profile,
    backend: 'dkls23-ts',
    audited: false,
  };
  return { status: isReady ? 200 : 503, body };
};
