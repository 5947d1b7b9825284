import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { loadExperiment } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { loadProgram } from '../../src/program/index.ts';
import { evaluate, parseYaml, parseYamlValue, recordOf, strictObject } from '../../src/text/index.ts';
import { readTrace } from '../../src/trace/index.ts';
import { expectError, failureOf } from '../support/errors.ts';

const program = readFileSync('programs/mnist-snn.yaml', 'utf8');
const loadText = (text: string) =>
  loadProgram(
    { text, file: 'programs/p.yaml' },
    { microcode: (name, from) => findFile('microcode', name, from) },
  );

/** Where a part first stands, as line:column. */
function placeOf(text: string, part: string): string {
  const before = text.slice(0, text.indexOf(part));
  return `${before.split('\n').length}:${before.length - before.lastIndexOf('\n')}`;
}

/** The program with a part replaced, and the place of `at` in it. */
function changed(part: string | RegExp, replacement: string, at = replacement) {
  const text = program.replace(part, () => replacement);
  expect(text).not.toBe(program);
  return { text, place: `programs/p.yaml:${placeOf(text, at)}:` };
}

describe('YAML that cannot be turned into values', () => {
  test.each([
    [
      'an alias that contains itself',
      'name: &x [*x]',
      '*x',
      "'*x' stands within '&x': it would contain itself",
    ],
    ['an alias without an anchor', 'name: *nix', '*nix', "there is no '&nix' before '*nix'"],
    ['brackets without end', `name: ${'['.repeat(200_000)}`, '', 'nested in more than 100 levels'],
    ['lists on a line', `name:\n  ${'- '.repeat(101)}x`, '', 'nested in more than 100 levels'],
    ['nested lists', `name: ${'['.repeat(101)}${']'.repeat(101)}`, '', 'nested in more than 100 levels'],
  ])('%s', (_, line, at, message) => {
    const { text, place } = changed(/^name: .*$/m, line, at === '' ? 'name:' : at);
    // Of what is nested too deep the line is what matters.
    expectError(
      () => loadText(text),
      at === '' ? 'syntax' : 'invalid-value',
      at === '' ? 'programs/p.yaml:' : place,
      message,
    );
  });

  test('aliases that stand for billions', () => {
    const letters = [...'abcdefghij'];
    const lines = letters.map((letter, index) => {
      const item = index === 0 ? 'x' : `*${letters[index - 1]}`;
      return `${letter}: &${letter} [${Array(10).fill(item).join(',')}]`;
    });
    const text = `format: plasticore/experiment/1\n${lines.join('\n')}\n`;
    expectError(
      () => loadExperiment({ text, file: 'e.yaml' }),
      'invalid-value',
      'e.yaml:',
      'expands to more than 1000000 values',
    );
  });

  test('an alias of something that was written once is taken', () => {
    const { text } = changed(/^steps: .*$/m, 'steps: &n 7', '7');
    expect(
      loadText(text.replace(/^name: .*$/m, 'name: mnist').replace(/^(parameters:)$/m, '$1\n  seven: *n')).spec
        .parameters.seven,
    ).toBe(7);
  });

  test.each(['constructor', '__proto__', 'hasOwnProperty', 'toString'])('%s as a name', (name) => {
    for (const section of ['populations', 'parameters']) {
      const { text, place } = changed(`\n${section}:\n`, `\n${section}:\n  ${name}: {size: 3}\n`, name);
      expectError(() => loadText(text), 'invalid-value', place, `'${name}' cannot be a name here`);
    }
    const place = { file: '--set it' };
    const overrides = [{ path: ['populations', name], value: { size: 3 }, place }];
    expectError(
      () => loadProgram({ text: program, file: 'p.yaml' }, {}, overrides),
      'invalid-value',
      '--set it',
      `'${name}' cannot be a name here`,
    );
  });
});

describe('a mapping of many keys', () => {
  const count = 60_000;
  const schema = strictObject({ all: recordOf(z.string(), z.number()) });
  const mapping = (value: string, more = '') =>
    `all:\n${Array.from({ length: count }, (_, number) => `  k${number}: ${value}\n`).join('')}${more}`;

  // Comparing each key with all others takes minutes.
  test('is read in a time that its length bounds', () => {
    expect(Object.keys(parseYaml(mapping('1'), 'x.yaml', schema).value.all)).toHaveLength(count);
  });

  test('and so are all its faults', () => {
    const error = failureOf(() => parseYaml(mapping('one'), 'x.yaml', schema));
    expect(error.others).toHaveLength(count - 1);
    expect(error.others.at(-1)).toMatchObject({ line: count + 1, column: `  k${count - 1}: `.length + 1 });
  });

  test('holds no key twice', () => {
    expectError(
      () => parseYaml(mapping('1', '  k0: 2\n'), 'x.yaml', schema),
      'invalid-value',
      `x.yaml:${count + 2}:3: key 'k0' is given twice`,
    );
  });
});

describe('<< merges mappings', () => {
  const schema = strictObject({
    a: recordOf(z.string(), z.number()),
    b: recordOf(z.string(), z.number()).optional(),
  });
  const read = (text: string) => parseYaml(text, 'x.yaml', schema).value;

  test('whose keys come behind those that the mapping has itself, the first before the others', () => {
    expect(read('a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3, z: 4}\n').b).toEqual({ x: 1, y: 3, z: 4 });
    expect(read('a: &a {x: 1, y: 2}\nb: {<<: [{y: 5, z: 6}, *a]}\n').b).toEqual({ x: 1, y: 5, z: 6 });
    expect(read('a: {"<<": 1}\n').a).toEqual({ '<<': 1 });
  });

  // Which text is at fault: that of the mapping that was merged, or that of the key itself.
  test.each([
    ['a: &a {x: 1, y: two}\nb: {<<: *a}\n', '1:17', "a.y: expected a number, found 'two'"],
    ['a: {}\nb:\n  z: 4\n  <<: {x: 1, y: two}\n', '4:17', "b.y: expected a number, found 'two'"],
    ['a: {}\nb: {<<: [{x: 1}, {x: two, y: two}]}\n', '2:30', "b.y: expected a number, found 'two'"],
    ['a: {}\n<<: {c: 1}\n', '2:6', "unknown key 'c'"],
  ])('and a fault in %j stands at its place', (text, place, message) => {
    const error = failureOf(() => read(text));
    expect(String(error.message)).toContain(message);
    expect(`${error.line}:${error.column}`).toBe(place);
  });

  test.each([
    ['a number', 'a: {<<: 3}', '1:9', "'<<' takes a mapping or a list of mappings"],
    ['the name of a number', 'a: {x: &x 3, <<: *x}', '1:18', "'<<' takes a mapping or a list of mappings"],
    ['a list of lists', 'a: {<<: [[{x: 1}]]}', '1:10', "'<<' takes a mapping or a list of mappings"],
    ['itself', 'a: &a {<<: *a}', '1:12', "'*a' stands within '&a': it would contain itself"],
    ['twice', 'a: {<<: {x: 1}, <<: {y: 1}}', '1:17', "key '<<' is given twice"],
  ])('and refuses %s', (_, text, place, message) => {
    expectError(() => read(text), 'invalid-value', `x.yaml:${place}: ${message}`);
  });
});

describe('a file of another kind', () => {
  test('says what it is and what accepts it, regardless of other faults', () => {
    expectError(
      () => loadExperiment({ text: program, file: 'p.yaml' }),
      'invalid-value',
      `p.yaml:${placeOf(program, 'plasticore/program')}: format: this is a program ('plasticore/program/1'); an experiment is expected here`,
      'plasticore compile and inspect take programs',
    );
    expectError(
      () =>
        loadText(program.replace('plasticore/program/1', 'plasticore/program/2').replace('steps:', 'paces:')),
      'invalid-value',
      "'plasticore/program/2' is newer than this release reads",
    );
  });
});

describe('formulas', () => {
  const value = (formula: string) =>
    evaluate(formula, (name) => ({ a: 2 })[name], ['a'], { file: 'f.yaml', line: 3 });

  test('have the functions of the list and no others', () => {
    expect(value('max(a, 3) ** 2')).toBe(9);
    for (const name of ['hasOwnProperty', 'toString', 'constructor', '__proto__']) {
      expectError(() => value(`${name}(1)`), 'invalid-value', 'f.yaml:3', `there is no function '${name}'`);
      expectError(() => value(name), 'invalid-value', 'f.yaml:3', `'${name}' is not defined`);
    }
  });

  test('have a bounded length', () => {
    expect(value(Array(500).fill('1').join('+'))).toBe(500);
    expectError(
      () => value(Array(20_000).fill('1').join('+')),
      'invalid-value',
      'f.yaml:3: a formula of 39999 characters, 1000 at most',
    );
    expect(value(`${'('.repeat(450)}1${')'.repeat(450)}`)).toBe(1);
  });
});

describe('values of options', () => {
  test('are YAML, with the same bounds', () => {
    const place = { file: '--set x' };
    expect(parseYamlValue('{a: [1, two]}', place)).toEqual({ a: [1, 'two'] });
    expectError(() => parseYamlValue('[1', place), 'usage', "--set x: '[1' is not a YAML value");
    expectError(() => parseYamlValue('&a [*a]', place), 'usage', '--set x', 'it would contain itself');
    expectError(() => parseYamlValue('{__proto__: 1}', place), 'usage', '--set x', 'cannot be a name');
  });
});

describe('JSON', () => {
  test('of 200 000 brackets says where it goes too deep', () => {
    const place = 't.json:1:101: not valid JSON: expected at most 100 levels of brackets';
    expectError(() => readTrace('['.repeat(200_000), 't.json', []), 'syntax', place);
    const closed = `{"format": "plasticore-trace/1", "x": ${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    expectError(() => readTrace(closed, 't.json', []), 'syntax', 't.json:1:', 'at most 100 levels');
  });
});
