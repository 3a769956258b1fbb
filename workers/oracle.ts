import { startOracle } from '@/lib/compose/oracle';
import { runProcess } from '@/lib/compose/process';

/** `npm run oracle`: signs prices. */
await runProcess('oracle', startOracle);
