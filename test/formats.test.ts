import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { flow, type JsonSchema, keysOf } from '../scripts/formats/keys.ts';
import { formatPage, formats } from '../scripts/formats/pages.ts';
import { compileCore } from '../src/compiler/index.ts';
import { loadExperiment } from '../src/experiment/index.ts';
import { findFile } from '../src/fs/index.ts';
import { loadHwModel } from '../src/hardware/index.ts';
import { loadProgram } from '../src/program/index.ts';

describe.each(formats())('the $name format', ({ schema, introduction, ...format }) => {
  const keys = keysOf(schema).map((key) => ({
    ...key,
    path: [key.place, key.name].filter(Boolean).join('.'),
  }));

  test('says what every key means, and gives an example unless its values are listed', () => {
    expect(keys.length).toBeGreaterThan(40);
    expect(keys.filter((key) => key.schema.description === undefined).map(({ path }) => path)).toEqual([]);
    const bare = keys.filter(({ schema: { examples, ...key } }) => examples === undefined && !isListed(key));
    expect(bare.map(({ path }) => path)).toEqual([]);
  });

  test('explains every word that a key takes', () => {
    const silent = keys.flatMap(({ path, schema: key }) =>
      wordsOf(key)
        .filter((word) => Number.isNaN(Number(word)) && !(key.description ?? '').includes(`\`${word}\``))
        .map((word) => `${path}: ${word}`),
    );
    expect(silent).toEqual([]);
  });

  test.each(keys.flatMap((key) => (key.schema.examples ?? []).map((example) => ({ ...key, example }))))(
    'takes the example of $path',
    ({ schema: key, example }) => {
      const alone = JSON.stringify({ ...key, definitions: schema.definitions ?? {} });
      const checked = z.fromJSONSchema(JSON.parse(alone), { defaultTarget: 'draft-7' });
      expect(checked.safeParse(example).error?.message).toBeUndefined();
    },
  );

  test('has a page whose example is well formed', () => {
    const [, yaml = ''] = /```yaml\n(format: [\s\S]*?)```/.exec(introduction) ?? [];
    const microcode = (name: string, from: string) => findFile('microcode', name, from);
    const model = (name: string, from: string) => findFile('hw-model', name, from);
    const file = findFile('program', 'mnist-snn', '').file.replace('mnist-snn', 'example');
    if (format.name === 'program') {
      const { text, file: chip } = model('reference', '');
      const image = compileCore(
        loadProgram({ text: yaml, file }, { microcode }),
        loadHwModel(text, chip, model),
        {
          precision: 'mp16-8',
          seed: 1,
        },
      );
      expect(image.steps).toBe(8);
    } else if (format.name === 'hw-model') {
      expect(loadHwModel(yaml, file, model).lanes).toBe(32);
    } else {
      expect(loadExperiment({ text: yaml, file }).spec.epochs).toBe(3);
    }
  });
});

test('the words that people looked for are on the pages', () => {
  const pages = formats().map(formatPage).join('\n');
  for (const word of [
    'stopUnlessAny',
    'previousSpike',
    'when',
    'saturate-symmetric',
    'columnGate',
    'placement',
    'precisionParameters',
    'holdOut',
    'record',
    'shadowBits',
  ])
    expect(pages).toContain(`\`${word}\``);
});

test('values are written as YAML on one line', () => {
  expect(flow({ a: [1, 0.5, true], b: 'word', c: 'two words', d: 1 / 6 })).toBe(
    '{a: [1, 0.5, true], b: word, c: "two words", d: 0.166667}',
  );
});

/** The words that a key takes, at whatever place of its value; mappings have keys of their own. */
function wordsOf(schema: JsonSchema): string[] {
  const words = [...(schema.enum ?? []), ...(schema.const === undefined ? [] : [schema.const])];
  return [...words.map(String), ...(schema.anyOf ?? []).flatMap(wordsOf)];
}

/** Whether the page lists what the key may hold: its words, or the keys of a mapping. */
function isListed(key: JsonSchema): boolean {
  return key.type === 'boolean' || key.properties !== undefined || wordsOf(key).length > 0;
}
