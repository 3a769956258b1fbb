'use client';

import { useMutation } from '@tanstack/react-query';
import { canonicalJson, type Json } from '@/lib/domain/canonical-json';
import { read } from './call';

/** Fetches evidence of an activity as the text of its file. Canonical JSON has one spelling, so this is what the server sent. */
export const useEvidence = () =>
  useMutation<string, Error, string>({
    mutationFn: async (activityId) => canonicalJson(await read<Json>('x.getEvidence', { params: { activityId } })),
  });
