import { refused } from '@/lib/domain/refusal';
import { callerOf, type Handler, type Handlers, orRefuse, refuse } from '../handler';
import { getOr404 } from '../records';
import { mayRead } from './activities';

/** Evidence of an activity: its exact bytes are what is verified, so they are sent as they are. */
const getEvidence: Handler = async (request, services) => {
  const caller = callerOf(request);
  const id = request.params.activityId ?? '';
  const activity = await getOr404('activity', id, request, services);
  if (!mayRead(caller, activity)) refuse(refused(404, 'activity.not_found', 'activity not found', { activityId: id }));
  const leaves = await services.reads.timeline(caller.org.id, id);
  const places = leaves.flatMap(({ seq }) => (seq === null ? [] : [seq]));
  if (places.length === 0)
    refuse(refused(409, 'evidence.not_chained', 'The request is not chained yet. Ask again in a moment.'));
  const bytes = orRefuse(await services.makeEvidence(caller.org.id, id, Math.max(...places)));
  return {
    contentType: 'application/json',
    stream: new ReadableStream({
      start: (controller) => {
        controller.enqueue(bytes);
        controller.close();
      },
    }),
  };
};

export const EVIDENCE_HANDLERS: Handlers = { 'x.getEvidence': getEvidence };
