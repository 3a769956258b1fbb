import { runProcess } from '@/lib/compose/process';
import { startSigner } from '@/lib/compose/signer';

await runProcess('signer', startSigner);
