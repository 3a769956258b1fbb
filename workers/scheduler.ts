import { runProcess } from '@/lib/compose/process';
import { startScheduler } from '@/lib/compose/scheduler';

await runProcess('scheduler', startScheduler);
