import path from 'node:path';
import { ConfigurationError, readEnvironmentOrExit } from '@/lib/compose/process';
import { setupTokenFor } from '@/lib/compose/setup-token';
import { StoppedError, startSupervisor } from '@/lib/compose/supervisor';
import { EXIT_CONFIGURATION } from '@/lib/env';

/** `npm start`: everything on one machine. */
process.env.PROFILE ??= 'single-machine';
const env = readEnvironmentOrExit('start');
const supervisor = startSupervisor({
  env,
  root: path.resolve(import.meta.dirname, '..'),
  print: (line) => process.stdout.write(`${line}\n`),
  createSetupToken: setupTokenFor,
});

let isStopping = false;
const stop = () => {
  if (isStopping) process.exit(1); // asked a second time: at once
  isStopping = true;
  void supervisor.stop().then(() => process.exit(0));
};
process.on('SIGINT', stop);
process.on('SIGTERM', stop);

supervisor.ready.catch((error: unknown) => {
  if (isStopping || error instanceof StoppedError) return;
  const isWrong =
    error instanceof ConfigurationError || (error instanceof Error && error.name === 'ChildConfigurationError');
  process.stderr.write(`start: ${isWrong ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(isWrong ? EXIT_CONFIGURATION : 1);
});
