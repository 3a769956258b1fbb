import { runProcess } from '@/lib/compose/process';

/** `npm run server`: the API and the console. Under the supervisor database and console are ready before it starts. */
await runProcess('server', async (context) =>
  process.send
    ? (await import('@/lib/compose/server')).startServer(context)
    : (await import('@/lib/compose/server-alone')).startServerAlone(context),
);
