const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { freshBuild } = require('./fresh-build.cjs');

/**
 * `node built.cjs COMMAND …`: runs a command as `npm start` built it if no source changed since, else from its TypeScript, which takes
 * seconds to load.
 */
const [name, ...words] = process.argv.slice(2);
const dir = freshBuild('workers');
const file = dir && path.join(dir, `${name}.js`);
if (file && fs.existsSync(file)) {
  process.argv = [process.argv[0], file, ...words];
  import(pathToFileURL(file).href);
} else {
  const source = path.join(__dirname, `${name}.ts`);
  process.exitCode =
    spawnSync(process.execPath, ['--import', 'tsx', source, ...words], { stdio: 'inherit' }).status ?? 1;
}
