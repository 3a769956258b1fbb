import { startBroadcaster } from '@/lib/compose/broadcaster';
import { runProcess } from '@/lib/compose/process';

await runProcess('broadcaster', startBroadcaster);
