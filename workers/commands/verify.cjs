const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

/**
 * Starts `npm run verify`: the built command if no source changed since it was built, else `verify.ts`, which builds it. Plain
 * CommonJS: loading what reads TypeScript takes as long as verifying, and what loads modules a sixth of it.
 */
const root = path.resolve(__dirname, '../..');

/** The built file, or null when a source changed, came or went. */
const fresh = () => {
  try {
    const { file, sources } = JSON.parse(fs.readFileSync(path.join(root, '.build/verify/latest.json'), 'utf8'));
    const isUnchanged = sources.every(([source, size, changedMs]) => {
      const found = fs.statSync(path.join(root, source));
      return found.size === size && found.mtimeMs === changedMs;
    });
    return isUnchanged && path.dirname(path.dirname(file)) === path.join(root, '.build/verify') ? file : null;
  } catch {
    return null;
  }
};

const words = process.argv.slice(2);
const file = fresh();
const command = file && require(file);
const asked = command?.readVerifyArguments(words);
if (asked?.do === 'verify') process.exitCode = command.runVerify(asked, (line) => process.stdout.write(`${line}\n`));
else {
  const source = path.join(__dirname, 'verify.ts');
  process.exitCode =
    spawnSync(process.execPath, ['--import', 'tsx', source, ...words], { stdio: 'inherit' }).status ?? 1;
}
