import type { ChangeEvent } from '@/lib/db/ledger-writer';
import type { RecordKind } from '@/lib/ledger/records';
import { callerOf, type Handler, type Handlers } from '../handler';
import { isStillIn } from '../principal';

/** Hints are gathered this long, so that a burst of changes is one message a kind. */
const GATHER_MS = 400;
const HEARTBEAT_MS = 15_000;

const KIND: { readonly [K in RecordKind]?: string } = {
  activity: 'activity',
  approval: 'approval',
  changeRequest: 'approval',
  delegation: 'approval',
  policy: 'policy',
  permission: 'permission',
  assignment: 'permission',
  user: 'user',
  credential: 'user',
  token: 'user',
  wallet: 'wallet',
  key: 'key',
  org: 'organisation',
  checkpoint: 'ledger',
};

/** What an event makes old, in the words of the stream; an event without records says that the ledger grew. */
const wordsOf = (event: ChangeEvent): string[] =>
  event.kinds.length === 0 ? ['ledger'] : event.kinds.flatMap((kind) => KIND[kind] ?? []);

/** Server-sent events: something of that kind changed, fetch it again. Never carries the thing itself. */
const streamEvents: Handler = async (request, services) => {
  const caller = callerOf(request);
  const { org } = caller;
  const encoder = new TextEncoder();
  const gathered = new Set<string>();
  let end = () => {};
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      const send = (text: string) => controller.enqueue(encoder.encode(text));
      const flush = setInterval(() => {
        for (const kind of gathered) send(`data: ${JSON.stringify({ kind, id: '' })}\n\n`);
        gathered.clear();
      }, GATHER_MS);
      const beat = async () => {
        // A stream outlives the session it was opened with only until the next beat.
        if (await isStillIn(caller, services).catch(() => false)) send(': alive\n\n');
        else end();
      };
      const heartbeat = setInterval(() => void beat().catch(end), HEARTBEAT_MS);
      const off = services.reads.onChange((event) => {
        if (event.orgId === org.id) for (const word of wordsOf(event)) gathered.add(word);
      });
      let isOver = false;
      end = () => {
        if (isOver) return;
        isOver = true;
        off();
        clearInterval(flush);
        clearInterval(heartbeat);
        try {
          controller.close();
        } catch {
          // The client has closed it already.
        }
      };
      request.signal.addEventListener('abort', end, { once: true });
      send(': open\n\n');
    },
    cancel: () => end(),
  });
  return { stream, contentType: 'text/event-stream' };
};

export const EVENT_HANDLERS: Handlers = { 'x.streamEvents': streamEvents };
