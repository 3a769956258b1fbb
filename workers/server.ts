import { runProcess } from '@/lib/compose/process';
import { startServer } from '@/lib/compose/server';

/** `npm run server`: the API and the console. */
await runProcess('server', startServer);
