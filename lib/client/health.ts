'use client';

import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';

const health = z.object({
  status: z.string(),
  database: z.string(),
  sequencer: z.string(),
  alarms: z.object({ transactionsUnknownToLedger: z.number(), signersAboutLedgers: z.number() }),
  jobs: z.object({ waiting: z.number(), late: z.number(), failing: z.number() }),
});

/** How the server and its workers are; a server that is not ready answers 503 with the same body. */
export const useHealth = () =>
  useQuery({
    queryKey: ['health'],
    queryFn: async ({ signal }) => health.parse(await (await fetch('/health/ready', { signal })).json()),
    refetchInterval: 20_000,
    retry: false,
  });
