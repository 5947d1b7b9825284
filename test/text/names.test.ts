import { expect, test } from 'vitest';
import * as z from 'zod';
import { type NdArray, readNpz, writeNpz } from '../../src/data/index.ts';
import { checkChosen } from '../../src/explore/space/load.ts';
import type { CoreImage } from '../../src/image/index.ts';
import { PlasticoreError, parseYaml, recordOf, strictObject, tableOf } from '../../src/text/index.ts';
import { smallProgram, smallRules } from '../compiler/small.ts';
import { coreOf, graph, importOf } from '../import/support.ts';
import { imageOf, roundCore } from '../support/core.ts';

/** Names that every JavaScript object answers to. */
const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty'] as const;

test.each(names)('%s is in a table only if it was put there', (name) => {
  const schema = strictObject({
    given: recordOf(z.string(), z.number()),
    absent: recordOf(z.string(), z.number()).prefault({}),
  });
  const { value } = parseYaml('given: {a: 1}', 'x.yaml', schema);
  for (const table of [tableOf({ a: 1 }), value.given, value.absent]) expect(table[name]).toBeUndefined();
  const table = tableOf<number>();
  table[name] = 3;
  expect([table[name], Object.keys(table)]).toEqual([3, [name]]);
});

/** Any error but ours is a fault of the program. */
const refusal = (action: () => unknown): string | undefined => {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof PlasticoreError) return error.describe();
    throw error;
  }
};

test('words of a program, of rules and of a core that are replaced by such names are refused, or mean nothing', () => {
  const compiled = {
    program: (text: string) => imageOf(text, smallRules),
    rules: (text: string) => imageOf(smallProgram, text),
    core: (text: string) => imageOf(smallProgram, smallRules, text),
  };
  const texts = { program: smallProgram, rules: smallRules, core: roundCore };
  for (const [kind, text] of Object.entries(texts) as [keyof typeof texts, string][])
    for (const [at, { index, 0: word }] of [...text.matchAll(/[A-Za-z_][\w-]*/g)].entries()) {
      const changed = `${text.slice(0, index)}${names[at % names.length]}${text.slice(index + word.length)}`;
      expect(() => refusal(() => compiled[kind](changed)), changed).not.toThrow();
    }
});

/** What a program is, without the texts that it was made from. */
const meaning = ({ provenance, ...image }: CoreImage): string => JSON.stringify(image);

test.each(names)('a kernel may be called %s', (name) => {
  const renamed = (text: string) => text.replaceAll(/\bfire\b/g, name);
  const image = imageOf(renamed(smallProgram), renamed(smallRules));
  expect(meaning(image)).toBe(renamed(meaning(imageOf(smallProgram, smallRules))));
});

test.each(names)('arrays called %s are read and written', (name) => {
  const arrays = tableOf<NdArray>();
  arrays[name] = { shape: [2], data: Uint8Array.of(1, 2) };
  expect(Object.fromEntries(readNpz(writeNpz(arrays), 'x.npz'))).toEqual({ [name]: arrays[name] });
});

const ends = { shape: [[1], [2]] } as const;
const ifNeurons = { r: [[], [1]], v_threshold: [[], [1]], v_reset: [[], [0]] } as const;

test.each(names)('a network of NIR may call any of its nodes %s', (name) => {
  for (const at of [0, 1, 2, 3]) {
    const [input = '', linear = '', neurons = '', output = ''] = ['in', 'fc', 'n', 'out'].with(at, name);
    const nodes = new Map([
      [input, ['Input', ends]],
      [
        linear,
        [
          'Linear',
          {
            weight: [
              [2, 2],
              [0.5, -0.25, 0, 0.5],
            ],
          },
        ],
      ],
      [neurons, ['IF', ifNeurons]],
      [output, ['Output', ends]],
    ] as const);
    const nir = graph(Object.fromEntries(nodes), `${input} -> ${linear} -> ${neurons} -> ${output}`);
    const { populations, fields } = coreOf(importOf(nir)).image;
    // A program does not take such names, so that they get a number, as names that are taken do.
    expect(populations.map((population) => population.name)).toEqual(
      [input, neurons].map((each) => (each === name ? `${name}_2` : each)),
    );
    expect(fields.length).toBeGreaterThan(0);
  }
});

test.each(names)('an axis %s does not take what every object has for a choice', (name) => {
  const axis = { path: name, values: [1, 2], place: { file: '--vary' } };
  expect(refusal(() => checkChosen([axis], { epochs: undefined }))).toBeUndefined();
});
