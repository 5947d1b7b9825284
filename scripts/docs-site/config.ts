/** The site as VitePress builds it: which pages, how they are found, and how they are read. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type MarkdownEnv, type UserConfig } from 'vitepress';
import { bundles } from '../../src/text/index.ts';
import { apiPath } from '../api-page.ts';
import { licenceText, packagesOf } from '../third-party.ts';
import { knowPackage, type Surroundings } from './markdown.ts';
import { microcode } from './microcode.ts';
import { listPath, pagesOf, type Section, sectionsOf, sitePath } from './pages.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const list = readFileSync(join(root, listPath), 'utf8');
const pages = [...pagesOf(list), apiPath];
const pathOf = new Map(pages.map((page) => [sitePath(page), page]));
const { description, repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly description: string;
  readonly repository?: string;
};

/** @param base where the site will stand: `/`, or `/path/` */
export function siteConfig(base: string, outDir: string): UserConfig {
  return defineConfig({
    title: 'Plasticore',
    description,
    lang: 'en-GB',
    base,
    outDir,
    head: [['link', { rel: 'icon', href: `${base}playground/icon.svg` }]],
    markdown: {
      theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
      languages: [microcode],
      languageAlias: { counts: 'log', price: 'log', wat: 'wasm' },
      anchor: { slugify },
      config: (md) => knowPackage(md, surroundingsAt(base), pageOf),
    },
    themeConfig: {
      nav: [
        { text: 'Guide', link: '/' },
        { text: 'Playground', link: '/playground/index.html', target: '_self' },
      ],
      sidebar: sectionsOf(list).map(withReference),
      outline: { level: [2, 3] },
      search: { provider: 'local', options: { miniSearch: { searchOptions: { combineWith: 'AND' } } } },
    },
    // The search needs the text of all pages.
    vite: { build: { chunkSizeWarningLimit: 5000 }, plugins: [licences] },
  });
}

/** Puts the licences of packages beside the scripts that have something of them; style sheets carry their notices. */
const licences: NonNullable<NonNullable<UserConfig['vite']>['plugins']>[number] = {
  name: 'licences',
  generateBundle({ format }, bundle) {
    if (format !== 'es') return;
    const modules = Object.values(bundle).flatMap((each) => (each.type === 'chunk' ? each.moduleIds : []));
    const packages = packagesOf(modules.filter((id) => !/^\0|\.css\b/.test(id)));
    this.emitFile({ type: 'asset', fileName: 'LICENSES.txt', source: licenceText(packages) });
  },
};

/** The section of references, with that of the library: the list cannot link to it, since only the site has it. */
function withReference(section: Section): Section {
  if (section.text !== 'Reference') return section;
  return {
    ...section,
    items: [...section.items, { text: 'The library', link: `/${apiPath.replace('.md', '.html')}` }],
  };
}

function surroundingsAt(base: string): Surroundings {
  return {
    root,
    base,
    pages: new Set(pages),
    experiments: new Set(experimentNames()),
    sources: repository === undefined ? undefined : `${repository}/blob/main/`,
  };
}

function experimentNames(): string[] {
  const { folder, extension } = bundles.experiment;
  return readdirSync(join(root, folder)).flatMap((name) =>
    name.endsWith(extension) ? [basename(name, extension)] : [],
  );
}

function pageOf(env: MarkdownEnv): string {
  const page = pathOf.get(env.relativePath);
  if (page === undefined) throw new Error(`${env.relativePath} is no page of the site`);
  return page;
}

/** The anchor of a heading as GitHub makes it: the pages' own links name it so. */
const slugify = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}\p{Pc} -]/gu, '')
    .replaceAll(' ', '-');
