import { runProcess } from '@/lib/compose/process';
import { startSigner } from '@/lib/compose/signer';
import { signerCommand } from '@/lib/compose/signer-command';

const words = process.argv.slice(2);
if (words.length === 0) await runProcess('signer', startSigner);
else
  process.exitCode = await signerCommand(words, process.env, {
    print: (text) => process.stdout.write(`${text}\n`),
    warn: (text) => process.stderr.write(`${text}\n`),
  });
