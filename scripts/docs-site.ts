/**
 * `tsx scripts/docs-site.ts FOLDER [BASE [PLAYGROUND]]`: builds the documentation, with its search, and the playground
 * into static files that any web server can serve. BASE is the path under which it will: `/`, or `/plasticore/`.
 * PLAYGROUND is the folder with the built playground.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vitepress';
import { apiPage, apiPath } from './api-page.ts';
import { dataPath } from './docs-site/markdown.ts';
import { listPath, pagesOf, sitePath } from './docs-site/pages.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

/**
 * Builds the site.
 *
 * @param folder is emptied first
 * @param playground a folder with the built playground
 */
async function buildDocs(folder: string, base: string, playground: string): Promise<void> {
  // VitePress writes beside the pages while it works, so it gets a copy of them.
  const copy = mkdtempSync(join(tmpdir(), 'plasticore-docs-'));
  try {
    copyPages(copy);
    configure(copy, base, folder);
    await build(copy);
  } finally {
    rmSync(copy, { recursive: true });
  }
  cpSync(join(root, dataPath), join(folder, dataPath), { recursive: true });
  cpSync(playground, join(folder, 'playground'), { recursive: true });
  tellWhereDocsAre(join(folder, 'playground/index.html'));
}

/** The playground links to the pages that its messages name, where these stand beside it. */
function tellWhereDocsAre(page: string): void {
  const text = readFileSync(page, 'utf8');
  const told = text.replace('<html ', '<html data-docs="../docs/" ');
  if (told === text) throw new Error(`${page} does not begin as expected: <html ...>`);
  writeFileSync(page, told);
}

function copyPages(copy: string): void {
  for (const page of pagesOf(readFileSync(join(root, listPath), 'utf8'))) {
    const path = join(copy, sitePath(page));
    mkdirSync(dirname(path), { recursive: true });
    cpSync(join(root, page), path);
  }
  writeFileSync(join(copy, apiPath), apiPage());
  cpSync(join(root, 'docs/images'), join(copy, 'docs/images'), { recursive: true });
  cpSync(join(root, 'docs/scaling.svg'), join(copy, 'docs/scaling.svg'));
}

function configure(copy: string, base: string, folder: string): void {
  const own = join(root, 'scripts/docs-site');
  const settings = join(copy, '.vitepress');
  mkdirSync(join(settings, 'theme'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const [place, target] = [base, resolve(folder)].map((each) => JSON.stringify(each));
  const config = JSON.stringify(join(own, 'config.ts'));
  writeFileSync(
    join(settings, 'config.mts'),
    `import { siteConfig } from ${config};\nexport default siteConfig(${place}, ${target});\n`,
  );
  const theme = JSON.stringify(join(own, 'theme/index.ts'));
  writeFileSync(join(settings, 'theme/index.ts'), `export { default } from ${theme};\n`);
}

const [, script, folder, base = '/', playground = join(root, 'dist/site')] = process.argv;
if (script === fileURLToPath(import.meta.url) && folder !== undefined)
  await buildDocs(folder, base, playground);
