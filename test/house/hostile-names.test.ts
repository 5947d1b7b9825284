import { describe, expect, test } from 'vitest';
import { describeClasses, type FeatureSet } from '../../src/data/sets/dataset.ts';
import { type CoreImage, imageOfCore, memoryFiles, readImage, writeImage } from '../../src/image/index.ts';
import { loadProgram } from '../../src/program/index.ts';
import { designsInLatex, inLatex } from '../../src/report/html/design-latex.ts';
import { dataReport, htmlReport } from '../../src/report/html/index.ts';
import { escapeHtml, html } from '../../src/report/html/markup.ts';
import {
  gatesFiles,
  listMemories,
  planCore,
  programmedFiles,
  rtlFiles,
  timingFiles,
} from '../../src/rtl/index.ts';
import { loadLiberty, readTemplates } from '../../src/rtl/node.ts';
import { compileSmall, smallProgram, smallRules } from '../compiler/small.ts';
import { Dice } from '../engine/random/dice.ts';
import { files, load } from '../hardware/tiny.ts';
import { handMadeRun } from '../report/html/hand-made.ts';
import { imageOf, roundCore } from '../support/core.ts';
import { failureOf } from '../support/errors.ts';
import { inThorough } from '../support/thorough.ts';

// No text of a user becomes code: names are plain words where they are read, and writers put texts into comments
// through one function.

const line = '$fopen("stolen")';
/** Names that end a comment, a string, a tag, a command or a folder. */
const hostile = [
  `x\n${line}`,
  `x\r${line}`,
  `x\u2028${line}`,
  `x\u0085${line}`,
  'x\n',
  'x\n00ff',
  'x`$(touch stolen)`',
  `x"; ${line}; //`,
  '*/ x /*',
  '../../stolen',
  'x</script><script>',
  'x\\',
  '\\write18{x}',
  '%x',
  'x y',
  '',
  'n'.repeat(101),
];

const yaml = (name: string): string => JSON.stringify(name);

/** A text with a name in place of another, as YAML writes it. */
function named(text: string, from: string, name: string): string {
  const at = text.indexOf(from);
  expect(at).toBeGreaterThanOrEqual(0);
  return text.slice(0, at) + from.replace(/[\w-]+(?=:?$)/, () => yaml(name)) + text.slice(at + from.length);
}

describe.each(hostile)('the name %j', (name) => {
  test.each(['name: small', '  threshold:', '\n  out:', '\n      trace:', '\n  loop:', 'microcode: {rule:'])(
    'is refused in a program at %j',
    (place) => {
      const program = named(smallProgram, place, name);
      const error = failureOf(() =>
        loadProgram({ file: 'net.yaml', text: program }, { microcode: files({ 'rule.uc': smallRules }) }),
      );
      expect(error.message).toMatch(/expected a name|populations?/);
      expect(error.line).toBeGreaterThan(0);
      for (const issue of error.message.split('\n')) expect(issue).not.toMatch(/^\$fopen/);
    },
  );

  test.each(['name: round', '  shadow:'])('is refused in an hw-model at %j', (place) => {
    const error = failureOf(() => load(named(roundCore, place, name)));
    expect(error.message).toMatch(/expected a name/);
  });

  test('is refused in a compiled image: program, hw-model, precision and bank', () => {
    const small = compileSmall();
    const [bank, ...others] = small.banks;
    if (bank === undefined) throw new Error('no bank');
    for (const change of [
      { program: name },
      { core: { ...small.core, hwModel: name } },
      { core: { ...small.core, precision: name } },
      { banks: [{ ...bank, name }, ...others] },
    ]) {
      const bytes = writeImage(imageOfCore({ ...small, ...change }));
      expect(failureOf(() => readImage(bytes, 'x.pcore')).code).toBe('image');
    }
  });
});

/** A core that `rtl` writes: its kernels drain as their pipelines do. */
const verilogCore = roundCore.replaceAll('bitMask: false', 'bitMask: true').replace('fillCycles: 3, ', '');

const image = imageOf(smallProgram, smallRules, verilogCore);

/** An image with hostile names, as no reader lets it in. Banks name files: their names are plain in every image. */
function hostileImage(name: string): CoreImage {
  const all = <T extends { readonly name: string }>(items: readonly T[]): T[] =>
    items.map((item) => ({ ...item, name: `${item.name}${name}` }));
  return {
    ...image,
    program: name,
    core: { ...image.core, hwModel: name, precision: name },
    provenance: { ...image.provenance, compiler: name },
    fields: all(image.fields),
    kernels: all(image.kernels),
    populations: all(image.populations),
    projections: all(image.projections),
  };
}

describe('writers keep a text of a user within its comment', () => {
  const lines = hostile.filter((name) => /^x[\n\r\u2028\u0085]/.test(name) && name !== 'x\n');

  test.each(lines)('memory files: %j', (name) => {
    for (const file of memoryFiles(imageOfCore(hostileImage(name)))) {
      if (file.name.endsWith('.json')) continue;
      for (const text of file.text.trimEnd().split(/[\n\r\u2028\u0085]/))
        expect(text).toMatch(/^(\/\/.*|[0-9a-f]+)$/);
    }
  });

  test.each(lines)('Verilog: %j', (name) => {
    const { sources } = rtlFiles(planCore(hostileImage(name), load(verilogCore)), readTemplates());
    const code = sources.flatMap(([, text]) =>
      text.split(/[\n\r\u2028\u0085]/).map((part) => part.replace(/\/\/.*/, '')),
    );
    expect(code.filter((part) => part.includes('$fopen'))).toEqual([]);
  });

  test('LaTeX', () => {
    const experiment = 'x\n\\input{stolen}';
    const space = {
      experiment,
      scoredOn: 'test',
      axes: [],
      objectives: [],
      wanted: [],
      points: [],
      draws: 0,
    } as const;
    expect(designsInLatex(space, []).split('\n')[0]).toContain('% x \\input{stolen}:');
  });
});

describe('a thousand names through every writer', () => {
  const dice = new Dice(41);
  /** What ends comments, strings, tags, commands and folders; each name has a word that can be found again. */
  const parts = [
    ...[
      '\n',
      '\r',
      '\u2028',
      '\u0085',
      '\0',
      '\t',
      '//',
      '/*',
      '*/',
      '`include "x"',
      '"',
      "'",
      ';',
      '\\',
      '\\\n',
    ],
    ...[
      '$fopen(1)',
      '`$(id)`',
      '$(id)',
      '|',
      '&',
      '&&',
      '%',
      '#',
      '{',
      '}',
      '^',
      '~',
      '_',
      '../',
      '/',
      ' ',
      '<',
      '>',
    ],
    ...[
      '</script>',
      '<script>',
      '<!--',
      '-->',
      ']]>',
      '\\write18{x}',
      '\\end{document}',
      'endmodule',
      'é',
      '神',
    ],
  ];
  const pick = (): string => parts[dice.whole(0, parts.length - 1)] ?? '';
  const names = Array.from(
    { length: inThorough(1000, 40) },
    () => `${pick()}${pick()}stolen${pick()}${pick()}${dice.chance(0.1) ? 'n'.repeat(300) : ''}`,
  );
  const hw = load(verilogCore);
  const templates = readTemplates();
  const liberty = loadLiberty();
  const writtenFor = (name: string) => {
    const plan = planCore(hostileImage(name), hw);
    const { sources, others } = rtlFiles(plan, templates);
    const modules = listMemories(plan).map(({ module }) => module);
    const gates = gatesFiles(
      sources.map(([file]) => file),
      { top: 'plasticore_core', liberty, lists: modules },
    );
    const times = timingFiles(
      'plasticore_core',
      modules.map((module) => ({ module, ports: [], accessNs: 1 })),
    );
    const programmed = programmedFiles({ ...hw, name }, templates);
    return [
      ...sources,
      ...others.filter(([file]) => !file.endsWith('.json')),
      // The library and the models of its cells know nothing of a core.
      ...gates.filter(([file]) => file.endsWith('.ys')),
      ...times,
      ...programmed.sources,
      ...programmed.others.filter(([file]) => !file.endsWith('.json')),
    ];
  };
  /** A file without its comments, and without what a name became in identifiers. */
  const codeOf = ([file, text]: readonly [string, string]): string => {
    // Prose: no name makes a line.
    if (file === 'README.md') return String(text.split(/[\n\r\u2028\u2029\u0085]/).length);
    const comment = /\.(svh?|v|memh)$/.test(file) ? /\/\/.*/ : /#.*/;
    return text
      .split(/[\n\r\u2028\u2029\u0085]/)
      .map((line) => line.replace(comment, '').trimEnd())
      .join('\n')
      .replace(/\w*stolen\w*/g, 'NAME');
  };
  const plain = writtenFor('stolen').map(codeOf);

  test('Verilog of both styles, its bench, its boards, scripts of synthesis and times: the code of a plain name', () => {
    for (const name of names)
      for (const [index, file] of writtenFor(name).entries()) {
        expect(file[0]).toMatch(/^[\w.-]+$/);
        const isEqual = codeOf(file) === plain[index];
        expect(isEqual, `${file[0]} of ${JSON.stringify(name)}`).toBe(true);
      }
  });

  test('memory files: words and comments', () => {
    const count = memoryFiles(imageOfCore(hostileImage('stolen'))).map(({ text }) => text.split('\n').length);
    for (const name of names)
      for (const [index, { name: file, text }] of memoryFiles(imageOfCore(hostileImage(name))).entries()) {
        expect(file).toMatch(/^[\w.-]+$/);
        if (file.endsWith('.json')) expect(() => JSON.parse(text)).not.toThrow();
        else expect(text.split(/[\n\r\u2028\u2029\u0085]/)).toHaveLength(count[index] ?? 0);
      }
  });

  test('LaTeX: nothing but text', () => {
    const escaped = /\\text(backslash|asciitilde|asciicircum)\{\}|\\[&%$#_{}]|\$[<>|]\$/g;
    for (const name of names)
      expect(inLatex(name).replaceAll(escaped, '')).not.toMatch(/[\\~^&%$#_{}<>|\p{Cc}\u2028\u2029]/u);
  });

  test('HTML: no tag, no attribute', () => {
    const page = (name: string) => html`<p title="${name}">${name}</p>`.parts.join('');
    for (const name of names) expect(page(name).replaceAll(escapeHtml(name), '')).toBe('<p title=""></p>');
    for (const name of names) expect(escapeHtml(name)).not.toMatch(/[<>"']/);
  });

  test('names of classes, which are folders of pictures: a line of text, and no markup of a page', async () => {
    const set: FeatureSet = {
      ...{ kind: 'features', name: 'train', inputs: 1, shape: [1, 1], classes: 1, count: 1 },
      ...{ values: Uint8Array.of(7), labels: Uint8Array.of(0) },
    };
    const pageOf = (name: string) =>
      dataReport({
        ...{ title: name, about: describeClasses([name]), notes: [name], sets: [set], classNames: [name] },
        tables: [{ id: 'classes', caption: name, columns: [{ head: name }], rows: [[name]] }],
      });
    const tags = (page: string) => page.match(/<\/?\w+/g)?.length;
    const expected = tags(await pageOf('stolen'));
    for (const name of names) expect(describeClasses([name])).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
    for (const name of names.slice(0, inThorough(1000, 3)))
      expect(tags(await pageOf(name)), JSON.stringify(name)).toBe(expected);
  });

  test('a whole report: as many scripts and lines of markup as with a plain name', async () => {
    const pageOf = (name: string) =>
      htmlReport([handMadeRun({ experiment: name, settings: [`program.parameters.${name}=1`] })]);
    const tags = (page: string) => page.match(/<\/?(script|style|svg|p|td|th|h\d)\b/g)?.length;
    const expected = tags(await pageOf('stolen'));
    expect(expected).toBeGreaterThan(100);
    for (const name of names.slice(0, inThorough(10, 1))) expect(tags(await pageOf(name))).toBe(expected);
  });
});
