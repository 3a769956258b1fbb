import { webProcess } from '@/lib/compose/web-process';

export const dynamic = 'force-dynamic';

const handler = (request: Request) => webProcess().api.fetch(request);

export {
  handler as DELETE,
  handler as GET,
  handler as HEAD,
  handler as OPTIONS,
  handler as PATCH,
  handler as POST,
  handler as PUT,
};
