'use client';

import { Copyable } from '@/components/ui/copyable';
import type { UserCredential } from '@/lib/client/shapes';
import { fingerprintOf } from './fingerprint-of';

/** The fingerprint of a key, to be read out or copied. */
export const Fingerprint = ({ credential }: { credential: Pick<UserCredential, 'publicKey' | 'fingerprint'> }) => (
  <Copyable value={fingerprintOf(credential)} label="fingerprint" full />
);
