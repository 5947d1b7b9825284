import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bundledTexts } from '../../scripts/bundled-texts.ts';
import { hrefOf } from '../../scripts/docs-site/markdown.ts';
import {
  type Block,
  commandLines,
  designOf,
  experimentsIn,
  isMicrocode,
  openExperiment,
  openLink,
  withKernels,
} from '../../scripts/docs-site/open-links.ts';
import { listPath, pagesOf, sectionsOf } from '../../scripts/docs-site/pages.ts';
import { defaultDesign } from '../../site/shared/design.ts';
import { readLink } from '../../site/shared/link.ts';
import { compileDesign } from '../../site/worker/compile.ts';
import { findWith } from '../../site/worker/edits.ts';
import { findFile } from '../../src/node.ts';
import type { Find } from '../../src/text/index.ts';
import { root } from '../support/root.ts';

const list = readFileSync(join(root, listPath), 'utf8');
const pages = pagesOf(list);

/** The blocks of a page, read apart from the builder's own parser. */
function blocksOf(page: string): Block[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, info = '', content = '']) => ({
    info,
    text: content,
  }));
}

const texts = bundledTexts();
const microcodeOf = pages.flatMap((page) => {
  const blocks = blocksOf(page);
  return blocks
    .filter(isMicrocode)
    .map((block, index) => ({ name: `${page}, block ${index + 1}`, block, blocks }));
});

describe('a block of microcode opens in the playground', () => {
  test('on each page that has one', () => {
    const words = pages.flatMap(
      (page) => readFileSync(join(root, page), 'utf8').match(/^```(asm|uc).*$/gm) ?? [],
    );
    expect(microcodeOf).toHaveLength(words.length);
    expect(words.length).toBeGreaterThan(5);
  });

  test.each(microcodeOf)('$name, and compiles where it stands', ({ block, blocks }) => {
    const { design, file } = designOf(block, blocks);
    const shared = readLink(openLink(design, file).slice(1));
    expect(shared).toMatchObject({ design, look: { file }, position: 0 });
    const used: string[] = [];
    const find = findWith(texts, findFile, shared?.design.edits ?? {});
    const noting: Find = Object.assign((...[kind, reference, from]: Parameters<Find>) => {
      const found = find(kind, reference, from);
      if (found.file === file) used.push(found.text);
      return found;
    }, find);
    compileDesign(design, noting);
    const kernels = block.text.match(/^kernel[\s\S]*?^end$/gm) ?? [];
    expect(kernels.length).toBeGreaterThan(0);
    for (const kernel of kernels) expect(used[0]).toContain(kernel);
  });

  test('of a file that the page does not write out is refused', () => {
    const block = { info: 'asm mine.uc', text: '' };
    expect(() => designOf(block, [block])).toThrow(
      "a block of microcode says 'mine.uc', and not where it runs",
    );
    expect(() => designOf({ info: 'asm', text: '' }, [])).toThrow('and not where it runs');
  });

  test('whose kernel its file does not have is refused', () => {
    const block = { info: 'asm in=mnist-snn:rules/lif.uc', text: 'kernel none over neurons\nend\n' };
    expect(() => designOf(block, [])).toThrow("programs/rules/lif.uc has no kernel 'none'");
  });

  test('with a kernel in the place of its own, and nothing else changed', () => {
    const file = '; one\nkernel a over row\n  ld r0, syn.w\nend\n\n; two\nkernel b over row\nend\n';
    const block = '; new\nkernel b over neurons ; $& stays text\n  emit r0\nend\n';
    expect(withKernels(file, block, 'x.uc')).toBe(
      '; one\nkernel a over row\n  ld r0, syn.w\nend\n\n; two\nkernel b over neurons ; $& stays text\n  emit r0\nend\n',
    );
  });
});

describe('an experiment opens in the playground', () => {
  const known = new Set(['mnist-snn', 'transfer']);

  test('by its name or its path in a command, once', () => {
    const text =
      'npx plasticore run experiments/mnist-snn.yaml \\\n  --seed 1\nplasticore diff mnist-snn transfer\necho transfer';
    expect(experimentsIn(commandLines({ info: 'sh', text }), known)).toEqual(['mnist-snn', 'transfer']);
    expect(commandLines({ info: 'yaml', text })).toBe('');
    expect(experimentsIn('run experiments/other.yaml', known)).toEqual([]);
  });

  test('as it is', () =>
    expect(readLink(openExperiment('transfer').slice(1))?.design).toEqual({
      ...defaultDesign,
      experiment: 'transfer',
    }));
});

describe('a link of a page', () => {
  const at = (href: string, sources?: string) =>
    hrefOf(href, 'docs/nir.md', {
      root,
      pages: new Set(['README.md', 'docs/nir.md', 'docs/data.md']),
      experiments: new Set(),
      sources,
      base: '/',
    });

  test('leads to a page of the site, or to another site', () => {
    expect(at('data.md#shd')).toBe('data.md#shd');
    expect(at('../README.md#limits')).toBe('../index.md#limits');
    expect(at('https://arxiv.org/abs/2509.06636')).toBe('https://arxiv.org/abs/2509.06636');
    expect(at('#here')).toBe('#here');
  });

  test('to another file leads to where the files are, or is text where they are nowhere', () => {
    expect(at('../src/isa')).toBeUndefined();
    expect(at('../LICENSE', 'https://host/blob/main/')).toBe('https://host/blob/main/LICENSE');
  });

  test('to data leads to the file, which the site has', () => {
    expect(at('estimators/points/sram.csv')).toBe('/docs/estimators/points/sram.csv');
  });

  test('to nothing is refused, and says where it stands', () => {
    expect(() => at('../src/none.ts')).toThrow("a link leads to '../src/none.ts', which is not there");
  });
});

describe('the navigation', () => {
  test('has every page of docs, under the titles of the list', () => {
    const inDocs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.md'),
    );
    expect(inDocs.filter((name) => !pages.includes(`docs/${name}`))).toEqual([]);
    expect(sectionsOf(list).map(({ text }) => text)).toEqual([
      'Start',
      'Try and compare',
      'Learning rules',
      'Networks from elsewhere',
      'Design a core',
      'Verilog',
      'Chips',
      'Reference',
      'Inside',
    ]);
  });

  test('keeps the order of the list, and puts pages behind a colon below the one in front of it', () => {
    const text =
      'Guides:\n\n- [odin.md](odin.md), [reckon.md](reckon.md): two.\n- [estimators](estimators/README.md): see\n  [fifo](estimators/fifo.md).\n';
    expect(sectionsOf(text)).toEqual([
      {
        text: 'Guides',
        items: [
          { text: 'ODIN', link: '/docs/odin.html' },
          { text: 'ReckOn', link: '/docs/reckon.html' },
          {
            text: 'Estimators',
            link: '/docs/estimators/',
            items: [{ text: 'Estimator: fifo', link: '/docs/estimators/fifo.html' }],
          },
        ],
      },
    ]);
  });
});
