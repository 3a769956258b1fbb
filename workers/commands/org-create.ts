import { parseArgs } from 'node:util';
import { databaseUrl } from '@/lib/compose/database-url';
import { createOrganisationIn } from '@/lib/compose/organisations';
import { ConfigurationError, readEnvironmentOrExit } from '@/lib/compose/process';
import { readRunFile } from '@/lib/run-file';

/** `npm run --silent org:create -- --name N --username E`: prints one JSON line. */
const { values } = parseArgs({ options: { name: { type: 'string' }, username: { type: 'string' } }, strict: true });
if (!values.name || !values.username) {
  process.stderr.write('usage: npm run --silent org:create -- --name NAME --username EMAIL\n');
  process.exit(2);
}
const env = readEnvironmentOrExit('org:create');
// The running system knows where it is served, unless the operator says otherwise.
const publicUrl = process.env.PUBLIC_URL ? env.publicUrl : (readRunFile(env.dataDir).serverUrl ?? env.publicUrl);
try {
  const made = await createOrganisationIn(databaseUrl(env), {
    name: values.name,
    username: values.username,
    publicUrl,
  });
  process.stdout.write(`${JSON.stringify(made)}\n`);
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  process.stderr.write(`org:create: ${error.message}\n`);
  process.exit(1);
}
