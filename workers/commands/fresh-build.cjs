const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '../..');

/**
 * What was built last below `.build/FOLDER`, or null when a source changed, came or went since. Plain CommonJS, and nothing is read but
 * names, sizes and times: loading what reads TypeScript takes longer than most commands.
 */
exports.freshBuild = (folder) => {
  const builds = path.join(root, '.build', folder);
  try {
    const { built, sources } = JSON.parse(fs.readFileSync(path.join(builds, 'latest.json'), 'utf8'));
    const isUnchanged = sources.every(([source, size, changedMs]) => {
      const found = fs.statSync(path.join(root, source));
      return found.size === size && found.mtimeMs === changedMs;
    });
    return isUnchanged && built.startsWith(`${builds}${path.sep}`) ? built : null;
  } catch {
    return null;
  }
};
