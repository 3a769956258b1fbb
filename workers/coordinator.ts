import { startCoordinator } from '@/lib/compose/coordinator';
import { runProcess } from '@/lib/compose/process';

await runProcess('coordinator', startCoordinator);
