import { describe, expect, test } from 'vitest';
import { type CoreImage, imageOfCore, memoryFiles, readImage, writeImage } from '../../src/image/index.ts';
import { loadProgram } from '../../src/program/index.ts';
import { designsInLatex } from '../../src/report/html/design-latex.ts';
import { planCore, rtlFiles } from '../../src/rtl/index.ts';
import { readTemplates } from '../../src/rtl/node.ts';
import { compileSmall, smallProgram, smallRules } from '../compiler/small.ts';
import { files, load } from '../hardware/tiny.ts';
import { imageOf, roundCore } from '../support/core.ts';
import { failureOf } from '../support/errors.ts';

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

/** An image with hostile names, as no reader lets it in. Banks name files: their names are plain in every image. */
function hostileImage(name: string): CoreImage {
  const image = imageOf(smallProgram, smallRules, verilogCore);
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
