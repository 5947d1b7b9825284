import { describe, expect, test } from 'vitest';
import { isMap, isPair, isScalar, isSeq, parseDocument } from 'yaml';
import { emptyVocabulary } from '../../../site/page/editor/code/names.ts';
import { explainKey, yamlOffersAt } from '../../../site/page/editor/code/yaml-completion.ts';
import { keysIn, spotAt } from '../../../site/page/editor/code/yaml-path.ts';
import { keysAt, type Schema, schemaFor, schemasAt } from '../../../site/page/editor/code/yaml-schema.ts';
import { kindOf } from '../../../site/page/editor/files.ts';
import type { Path } from '../../../src/text/index.ts';
import { compiled, texts } from './known.ts';

const files = Object.keys(texts).filter((path) => path.endsWith('.yaml'));
const names = { programs: ['mnist-snn'], cores: ['reference', 'mesh'], rules: ['rules/lif.uc'] };

async function schemaOf(path: string): Promise<Schema> {
  const kind = kindOf(path);
  const schema = kind && (await schemaFor(kind));
  if (schema === undefined) throw new Error(`${path} has no schema`);
  return schema;
}

/** Paths of all keys as the parser of the library has them. */
function pathsBy(node: unknown, path: Path = []): Path[] {
  if (isMap(node))
    return node.items.flatMap((pair) => {
      const own = [...path, String(isPair(pair) && isScalar(pair.key) ? pair.key.value : '')];
      return [own, ...pathsBy(pair.value, own)];
    });
  return isSeq(node) ? node.items.flatMap((item, index) => pathsBy(item, [...path, index])) : [];
}

describe.each(files)('%s', (file) => {
  const text = texts[file] ?? '';
  const keys = keysIn(text);

  test('has the keys that the library reads', () => {
    expect(keys.map(({ path }) => path)).toEqual(pathsBy(parseDocument(text).contents));
  });

  test('every key is offered where it stands, or its mapping is free to name its keys', async () => {
    const schema = await schemaOf(file);
    const missing = keys.filter(({ path }) => {
      // What an experiment sets is of the program's format, or the core's.
      if (path[0] === 'set' && path.length > 2) return false;
      // So is what a sweep varies.
      if (path[0] === 'sweep' && path.length > 2) return false;
      const mapping = path.slice(0, -1);
      const isFree = schemasAt(schema, mapping).some(
        ({ additionalProperties }) => typeof additionalProperties === 'object',
      );
      return !isFree && !keysAt(schema, mapping).some(({ key }) => key === path.at(-1));
    });
    expect(missing.map(({ path }) => path.join('.'))).toEqual([]);
  });

  test('while a key is written, its mapping is known', () => {
    // Each key, cut to its first letter, with what follows still in its place.
    for (const { path, from, to } of keys.filter((_, index) => index % 5 === 0)) {
      if (/["']/.test(text[from] ?? '')) continue;
      const writing = text.slice(0, from + 1) + text.slice(to);
      expect(spotAt(writing, from + 1), path.join('.')).toMatchObject({
        path: path.slice(0, -1),
        is: 'key',
        from,
        hasColon: true,
      });
    }
  });
});

describe('completion', () => {
  const { known } = compiled('mnist-snn');
  const program = texts['programs/mnist-snn.yaml'] ?? '';

  /** What is offered at the bar in a text. */
  async function offered(file: string, textWithBar: string) {
    const offset = textWithBar.indexOf('|');
    const text = textWithBar.slice(0, offset) + textWithBar.slice(offset + 1);
    return yamlOffersAt(text, offset, await schemaOf(file), { known, files: names })?.offers ?? [];
  }
  const labels = async (file: string, text: string) => (await offered(file, text)).map(({ label }) => label);

  test('of a new key names those that are missing, with meaning and type', async () => {
    const offers = await offered('programs/x.yaml', 'name: x\nst|\npopulations:\n  a: {size: 2}\n');
    expect(offers.map(({ label }) => label)).toContain('steps');
    expect(offers.map(({ label }) => label)).not.toContain('name');
    const steps = offers.find(({ label }) => label === 'steps');
    expect(steps?.apply).toBe('steps: ');
    expect(steps?.meaning?.detail).toBe('integer; 1 if absent');
    expect(steps?.meaning?.meaning).toMatch(/^Time steps of a sample/);
  });

  test('in a deeper mapping, in brackets, and under a key alone on its line', async () => {
    expect(
      await labels('programs/x.yaml', 'populations:\n  a:\n    size: 2\n    |\n  b:\n    size: 3\n'),
    ).toEqual(expect.arrayContaining(['fields', 'shape', 'delays']));
    expect(await labels('programs/x.yaml', 'populations:\n  a: {size: 2, f|}\n')).toContain('fields');
    expect(await labels('hw-models/x.yaml', 'chip:\n  mesh:\n    c|\n')).toContain('columns');
  });

  test('of values: enumerations, truths, and names that the text defines', async () => {
    const field = 'populations:\n  a:\n    size: 2\n    fields:\n      v: {kind: |}\n';
    expect(await labels('programs/x.yaml', field)).toEqual(
      expect.arrayContaining(['real', 'integer', 'flag']),
    );
    const whole = (line: string) => program.replace('events:\n', `events:\n  sample:\n    - ${line}\n`);
    expect(await labels('programs/x.yaml', whole('{run: |}'))).toEqual(
      expect.arrayContaining(['learn', 'fire', 'integrate']),
    );
    expect(await labels('programs/x.yaml', whole('{run: learn, over: |}'))).toEqual([
      'input',
      'hidden',
      'output',
      'inputToHidden',
      'hiddenToOutput',
    ]);
    expect(await labels('programs/x.yaml', whole('clear: [h|]'))).toContain('hidden.v');
    expect(await labels('experiments/x.yaml', 'hw: |\n')).toEqual(['reference', 'mesh']);
    expect(await labels('programs/x.yaml', 'microcode:\n  neuron: |\n')).toEqual(['rules/lif.uc']);
  });

  test('nothing in a comment', async () => {
    expect(await labels('programs/x.yaml', 'name: x # st|\n')).toEqual([]);
  });

  test('a key is told in words', async () => {
    const schema = await schemaOf('programs/x.yaml');
    expect(explainKey(program, program.indexOf('readout:') + 2, schema)).toMatchObject({ title: 'readout' });
    // A name that the program gives has no meaning in the format.
    expect(explainKey('parameters: {gain: 1}', 13, schema)).toBeUndefined();
    expect(emptyVocabulary.fields).toEqual([]);
  });
});
