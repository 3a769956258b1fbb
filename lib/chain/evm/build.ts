import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { Intent } from '../adapter';
import { parseAddress } from '../hex';
import { messageOf } from '../message';
import { callOf } from './call';
import { EVM_NETWORKS } from './networks';
import { encodeUnsigned } from './unsigned';

/** What is chosen after approval, inside the ceiling. */
export type Choice = {
  readonly nonce: number;
  readonly gasLimit: bigint;
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
};

/** Builds an intent's unsigned bytes, hex without prefix: deterministic, so the same choice always gives the same bytes. */
export const buildUnsigned = (intent: Intent, choice: Choice): Outcome<string> => {
  const network = EVM_NETWORKS.get(intent.network);
  const call =
    intent.requestBody.kind === 'CancelTransaction'
      ? { to: parseAddress(intent.address), value: 0n, data: '0x' as const }
      : callOf(intent);
  const isBuildable = call && (call.to !== null || (intent.activityKind === 'Transaction' && call.data !== '0x'));
  if (!network || !isBuildable)
    return refused(422, 'chain.request', 'The request is no transaction that can be built.');
  const { gasLimit: gas, ...rest } = choice;
  return accepted(encodeUnsigned({ chainId: network.chainId, ...call, ...rest, gas }));
};

/** The bytes of a signature intent, hex without prefix. */
export const buildMessage = (intent: Intent): Outcome<string> => {
  const message = messageOf(intent);
  return message
    ? accepted(message.unsigned)
    : refused(422, 'chain.signature_kind', `Signatures of kind ${intent.requestBody.kind} can't be made here.`);
};
