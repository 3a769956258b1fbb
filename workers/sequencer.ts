import { runProcess } from '@/lib/compose/process';
import { startSequencer } from '@/lib/compose/sequencer';

await runProcess('sequencer', startSequencer);
