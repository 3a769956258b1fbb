import { signerCommand } from '@/lib/compose/signer-command';

const words = process.argv.slice(2);
if (words.length === 0) {
  // A command needs none of the node's own code in memory.
  const [{ runProcess }, { startSigner }] = await Promise.all([
    import('@/lib/compose/process'),
    import('@/lib/compose/signer'),
  ]);
  await runProcess('signer', startSigner);
} else
  process.exitCode = await signerCommand(words, process.env, {
    print: (text) => process.stdout.write(`${text}\n`),
    warn: (text) => process.stderr.write(`${text}\n`),
  });
