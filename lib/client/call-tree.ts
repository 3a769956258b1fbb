import { useMemo } from 'react';
import { type CallNode, readCallTree } from '@/lib/chain/evm/call-tree';
import type { AskedCall } from './asked-call';

/** A call and those inside of it, as far as they can be read: see `readCallTree`. */
export type ShownCall = CallNode;

/** Decodes a call in this browser. In a file of its own: its table is loaded only where a call is shown. */
export const useCallTree = (call: AskedCall): ShownCall => useMemo(() => readCallTree(call), [call]);
