// Makes verify.html, one file that needs nothing else:
//
//   node verify/build.mjs OUT.html
//
// The modules are put one after the other, each in a function of its own, with
// their comments, so that whoever opens the file can read what it does. The
// same sources always give the same bytes.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const imports = /^import \{([^}]*)\} from '\.\/([a-z0-9]+)\.js';\n/gm;

/** @param {string} path */
const read = (path) => readFileSync(join(here, path), 'utf8');

/**
 * The modules that an entry needs, each after those it needs itself.
 * @param {string} name
 * @param {string[]} [order]
 */
function modules(name, order = []) {
  for (const [, , needed] of read(`src/${name}.js`).matchAll(imports)) {
    if (!order.includes(needed)) modules(needed, order);
  }
  if (!order.includes(name)) order.push(name);
  return order;
}

/**
 * A module as a function that runs once and returns what it exports.
 * @param {string} name
 */
function wrapped(name) {
  const source = read(`src/${name}.js`);
  const body = source
    .replace(imports, (_, names, from) => `const {${names.replaceAll(/\s+/g, ' ').replace(/, $/, ' ')}} = module_${from};\n`)
    .replaceAll(/^export (?=(async )?(function|class|const) )/gm, '');
  const exported = [...source.matchAll(/^export (?:async )?(?:function|class|const) (\w+)/gm)].map((m) => m[1]);
  if (/^(import|export) /m.test(body)) throw new Error(`${name}.js: an import or export of another form`);
  return `const module_${name} = (() => {\n${body}return { ${exported.join(', ')} };\n})();\n`;
}

/**
 * One script of an entry and all it needs.
 * @param {string} entry
 */
export function bundle(entry) {
  const script = `'use strict';\n${modules(entry).map(wrapped).join('\n')}`;
  if (/<\/script|<!--/i.test(script)) throw new Error(`${entry}: the script cannot stand in a page`);
  return script;
}

/** The page, with its style, its scripts and a policy that names them by digest. */
export function page() {
  const digest = (/** @type {string} */ text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const style = `\n${read('page.css')}`;
  const script = `\n${bundle('page')}`;
  const policy = [
    "default-src 'none'",
    `script-src ${digest(script)}`,
    `style-src ${digest(style)}`,
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  /** @type {Record<string, string>} */
  const parts = {
    POLICY: policy,
    STYLE: `<style>${style}</style>`,
    ENGINE: `<script type="text/plain" id="engine">\n${bundle('worker')}</script>`,
    SCRIPT: `<script>${script}</script>`,
  };
  return read('page.html').replaceAll(/\{\{(\w+)\}\}/g, (_, name) => parts[name]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const out = process.argv[2];
  if (!out) {
    console.error('usage: node verify/build.mjs OUT.html');
    process.exit(2);
  }
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, page());
}
