import { runProcess } from '@/lib/compose/process';
import { readmitSigner, startSigner } from '@/lib/compose/signer';

if (process.argv[2] === 'readmit') process.exitCode = readmitSigner((line) => process.stdout.write(`${line}\n`));
else await runProcess('signer', startSigner);
