/**
 * What Markdown becomes on the site, beyond what it is in a folder: links to other files, and links that open the
 * playground.
 */
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import type { MarkdownEnv, MarkdownRenderer } from 'vitepress';
import { PlasticoreError } from '../../src/text/index.ts';
import {
  type Block,
  commandLines,
  designOf,
  experimentsIn,
  isMicrocode,
  openExperiment,
  openLink,
} from './open-links.ts';
import { sitePath } from './pages.ts';

/** The data that pages link to, which the site has beside them. */
export const dataPath = 'docs/estimators/points';

type Tokens = ReturnType<MarkdownRenderer['parse']>;
type Token = Tokens[number];
type NewToken = (type: string, content: string) => Token;

/** What the pages may refer to. */
export interface Surroundings {
  /** The folder of the package. */
  readonly root: string;
  /** Paths of the pages of the site, from the root of the package. */
  readonly pages: ReadonlySet<string>;
  readonly experiments: ReadonlySet<string>;
  /** Where the files of the package can be read, with a slash at the end; undefined: nowhere. */
  readonly sources: string | undefined;
  /** Where the site will stand: `/`, or `/path/`. */
  readonly base: string;
}

/** Makes a renderer know the package. The page's path from its root is `path` in the environment. */
export function knowPackage(
  md: MarkdownRenderer,
  surroundings: Surroundings,
  pathOf: (env: MarkdownEnv) => string,
): void {
  md.core.ruler.push('plasticore', ({ tokens, env, Token: New }) => {
    const page = pathOf(env);
    const make: NewToken = (type, content) => Object.assign(new New(type, '', 0), { content });
    const blocks = tokens.filter(({ type }) => type === 'fence').map(blockOf);
    for (const [index, token] of tokens.entries()) {
      if (token.type === 'html_block') token.content = withPictures(token.content);
      if (token.type === 'inline' && token.content === '') clearCorner(tokens, index);
      const isHeading = tokens[index - 1]?.type === 'heading_open';
      if (token.children !== null)
        token.children = inlineOf(token.children, page, surroundings, isHeading, make);
    }
    const withLinks = tokens.flatMap((token) => {
      const links = token.type === 'fence' ? linksBelow(blockOf(token), blocks, surroundings, page) : '';
      return links === '' ? [token] : [token, make('html_block', links)];
    });
    tokens.splice(0, tokens.length, ...withLinks);
  });
}

/** An empty cell in the head of a table is the head of nothing: a screen reader would announce it. */
function clearCorner(tokens: Tokens, index: number): void {
  for (const token of [tokens[index - 1], tokens[index + 1]])
    if (token !== undefined && /^th_(open|close)$/.test(token.type)) token.tag = 'td';
}

/** Pictures of a page's own HTML: the builder looks for a file where a path says that it is one. */
const withPictures = (html: string): string =>
  html.replaceAll(/\b(src(?:set)?=")(?=[\w-]+[/.])(?!\w+:)/g, '$1./');

const blockOf = ({ info, content }: Token): Block => ({ info, text: content });

/** The links that open what a block shows: its microcode, or the experiments that its commands name. */
function linksBelow(
  block: Block,
  page: readonly Block[],
  { base, experiments }: Surroundings,
  path: string,
): string {
  const links = isMicrocode(block)
    ? [anchor(base, linkOf(block, page, path), 'Open in the playground')]
    : experimentsIn(commandLines(block), experiments).map((name) =>
        anchor(base, openExperiment(name), `Open <code>${name}</code> in the playground`),
      );
  return links.length === 0 ? '' : `<p class="open-links">${links.join('')}</p>\n`;
}

function linkOf(block: Block, page: readonly Block[], path: string): string {
  try {
    const { design, file } = designOf(block, page);
    return openLink(design, file);
  } catch (error) {
    if (!(error instanceof PlasticoreError)) throw error;
    throw new PlasticoreError(error.code, error.message, { file: path, hint: error.hint });
  }
}

/** The router of the site leaves a link alone whose target is stated. */
const anchor = (base: string, fragment: string, text: string): string =>
  `<a class="open-link" href="${base}playground/index.html${fragment}" target="_self">${text}</a>`;

/** The tokens of a line, with its links led on, and a link at each name of an experiment. */
function inlineOf(
  children: Tokens,
  page: string,
  surroundings: Surroundings,
  isHeading: boolean,
  make: NewToken,
): Tokens {
  const { base, experiments } = surroundings;
  const led: Token[] = [];
  let depth = 0;
  let isDropped = false;
  for (const child of children) {
    if (child.type === 'link_open') {
      depth++;
      const href = hrefOf(String(child.attrGet('href')), page, surroundings);
      isDropped = href === undefined;
      if (href !== undefined) child.attrSet('href', href);
    }
    const isLink = child.type === 'link_open' || child.type === 'link_close';
    const isName =
      child.type === 'code_inline' && depth === 0 && !isHeading && experiments.has(child.content);
    if (isName) {
      const text = `<code>${child.content}</code>`;
      const title = 'Open in the playground';
      led.push(
        make(
          'html_inline',
          anchor(base, openExperiment(child.content), text).replace(' class', ` title="${title}" class`),
        ),
      );
    } else if (!(isLink && isDropped)) led.push(child);
    if (child.type === 'link_close') depth--;
  }
  return led;
}

/**
 * Where a link of a page leads on the site: to the page, if the site has it, or to its data; else to the file where the
 * files of the package can be read.
 *
 * @returns undefined where nothing can be opened: the text stays, without a link
 */
export function hrefOf(
  href: string,
  page: string,
  { root, pages, sources }: Surroundings,
): string | undefined {
  if (/^(\w+:|#)/.test(href)) return href;
  const [path = '', anchorOf = ''] = href.split(/(?=#)/);
  const target = normalize(join(dirname(page), path));
  if (pages.has(target)) return sitePath(href);
  if (!existsSync(join(root, target)))
    throw new PlasticoreError('file', `a link leads to '${href}', which is not there`, { file: page });
  if (target.startsWith(`${dataPath}/`)) return `/${target}`;
  return sources === undefined ? undefined : `${sources}${target}${anchorOf}`;
}
