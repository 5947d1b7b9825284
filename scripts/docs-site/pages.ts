/** The pages of the site, in the order and under the titles of the one list of them, `docs/README.md`. */
import { readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PlasticoreError } from '../../src/text/index.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** An entry of the navigation. */
interface Entry {
  readonly text: string;
  /** Address of the page, from the root of the site. */
  readonly link: string;
  readonly items?: Entry[];
}

/** A part of the list, such as its guides. */
export interface Section {
  readonly text: string;
  readonly items: Entry[];
}

/** The list of pages. */
export const listPath = 'docs/README.md';

/**
 * The pages of the site, by their paths from the root of the package.
 *
 * @param list the text of `docs/README.md`
 */
export function pagesOf(list: string): string[] {
  return [...new Set([listPath, ...linksOf(list).map(pathOf)])];
}

/**
 * The navigation: a section for each line that ends in a colon, and in it the pages that the items below it name.
 * A page that stands behind the colon of an item belongs to the page in front of it.
 *
 * @param list the text of `docs/README.md`
 */
export function sectionsOf(list: string): Section[] {
  return list.split(/^(?=[A-Z].*:$)/m).flatMap((part) => {
    const [, text] = /^([A-Z].*):$/m.exec(part) ?? [];
    if (text === undefined) return [];
    const items = part.split(/^(?=- )/m).slice(1);
    return [{ text: text.replace(/ here$/, ''), items: items.flatMap(entriesOf) }];
  });
}

function entriesOf(item: string): Entry[] {
  const colon = item.indexOf(': ');
  const pages = linksOf(item.slice(0, colon)).map(entryOf);
  const parts = linksOf(item.slice(colon)).map(entryOf);
  const last = pages.at(-1);
  return parts.length === 0 || last === undefined
    ? pages
    : [...pages.slice(0, -1), { ...last, items: parts }];
}

function entryOf(link: string): Entry {
  const path = pathOf(link);
  return {
    text: titleOf(path),
    link: `/${sitePath(path)
      .replace(/index\.md$/, '')
      .replace(/\.md$/, '.html')}`,
  };
}

/** The heading of a page. */
function titleOf(path: string): string {
  const [, title] = /^# (.*)$/m.exec(readFileSync(join(root, path), 'utf8')) ?? [];
  if (title === undefined)
    throw new PlasticoreError('format', `${path} has no heading`, { hint: 'begin it with "# "' });
  return title.replaceAll('`', '');
}

/** Links to Markdown in a text of `docs/`. */
const linksOf = (text: string): string[] =>
  [...text.matchAll(/\]\(([^)#\s]+\.md)\)/g)].map(([, link = '']) => link);

const pathOf = (link: string): string => normalize(join('docs', link));

/** Where a page stands in the site: a folder's `README.md` is its index. */
export const sitePath = (path: string): string => path.replace(/(^|\/)README\.md/, '$1index.md');
