// Lets the lint rule on rooms see imports with a query: `./forward.wgsl?raw` is the file `./forward.wgsl`.
const { existsSync } = require('node:fs');
const { dirname, resolve } = require('node:path');

exports.interfaceVersion = 2;
exports.resolve = (source, importer) => {
  if (!source.startsWith('.') || !source.includes('?')) return { found: false };
  const path = resolve(dirname(importer), source.slice(0, source.indexOf('?')));
  return existsSync(path) ? { found: true, path } : { found: false };
};
