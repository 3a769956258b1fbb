const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const vm = require('node:vm');
const { freshBuild } = require('./fresh-build.cjs');

const readIfThere = (file) => {
  try {
    return fs.readFileSync(file);
  } catch {
    return undefined;
  }
};

/**
 * The built command, with what V8 made of it when it last ran here: making it anew takes a tenth of a second. V8 takes it only
 * for the version and flags that made it; it lies beside the program, so whoever can change it could change that too.
 */
const load = (file) => {
  const compiled = `${file}.${process.version}.code`;
  const cachedData = readIfThere(compiled);
  const script = new vm.Script(Module.wrap(fs.readFileSync(file, 'utf8')), { filename: file, cachedData });
  const loaded = { exports: {} };
  script.runInThisContext()(loaded.exports, require, loaded, file, path.dirname(file));
  /** To be called when everything it needs has run: what did not run is not compiled. */
  const keep = () => {
    if (cachedData && !script.cachedDataRejected) return;
    try {
      const unfinished = `${compiled}.${process.pid}`;
      // On disk before it has its name: V8 does not look whether it is whole.
      fs.writeFileSync(unfinished, script.createCachedData(), { flush: true });
      fs.renameSync(unfinished, compiled);
    } catch {
      // Somebody who may only read verifies as well, each time from the source.
    }
  };
  return { command: loaded.exports, keep };
};

/**
 * Starts `npm run verify`: the built command if no source changed since it was built, else `verify.ts`, which builds it. Plain
 * CommonJS: loading what reads TypeScript takes as long as verifying, and what loads modules a sixth of it.
 */
const words = process.argv.slice(2);
const file = freshBuild('verify');
const built = file && load(file);
const asked = built?.command.readVerifyArguments(words);
if (asked?.do === 'verify') {
  process.exitCode = built.command.runVerify(asked, (line) => process.stdout.write(`${line}\n`));
  built.keep();
} else {
  const source = path.join(__dirname, 'verify.ts');
  process.exitCode =
    spawnSync(process.execPath, ['--import', 'tsx', source, ...words], { stdio: 'inherit' }).status ?? 1;
}
