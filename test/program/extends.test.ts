import { expect, test } from 'vitest';
import { loadProgram } from '../../src/program/index.ts';
import { PlasticoreError, type SourceText } from '../../src/text/index.ts';
import { failure } from '../hardware/tiny.ts';

const base = `format: plasticore/program/1
name: base
steps: 4
parameters: {rate: 3, gain: 1}
input: in
populations:
  in: {size: 3}
  out: {size: 2, fields: {v: {bits: 16}, spare: {bits: 4}}}
projections:
  p: {from: in, to: out}
microcode: {rule: rule.uc}
events:
  tick: [{deliver: in}, {run: leak, over: out}]
  spike:
    in: []
readout: out.v
`;
const above = `format: plasticore/program/1
extends: ../base
name: above
`;
const kernel = (name: string, field = 'v') =>
  `kernel ${name} over neurons\n  ld r0, self.${field}\n  st r0, self.${field}\nend\n`;

/** Files as they would be found from each other. */
const texts: Readonly<Record<string, string>> = {
  'lib/base.yaml': base,
  'lib/rule.uc': kernel('leak'),
  'lib/mine/rule.uc': kernel('leak', 'trace'),
};

function found(reference: string, from: string): SourceText {
  const names = reference.endsWith('.uc') ? [reference] : [`${reference}.yaml`];
  const file = new URL(names[0] ?? '', `http://x/${from}`).pathname.slice(1);
  const text = texts[file];
  if (text === undefined) throw new PlasticoreError('file', `there is no ${file}`);
  return { text, file };
}

const load = (text: string, file = 'lib/mine/above.yaml') =>
  loadProgram({ text, file }, { programs: found, microcode: found });

test('a program states what differs; mappings are merged, lists and numbers replaced, null removes', () => {
  const { spec, sources } = load(`${above}steps: 2
parameters: {rate: 5}
populations: {out: {fields: {spare: null, trace: {bits: 8}}}}
events: {tick: [{deliver: in}]}
`);
  expect(spec.name).toBe('above');
  expect(spec.steps).toBe(2);
  expect(spec.parameters).toEqual({ rate: 5, gain: 1 });
  expect(Object.keys(spec.populations.out?.fields ?? {})).toEqual(['v', 'trace']);
  expect(spec.events.tick).toEqual([{ deliver: 'in' }]);
  expect(spec.readout).toBe('out.v');
  expect(sources.map(({ file }) => file)).toEqual(['lib/mine/above.yaml', 'lib/base.yaml', 'lib/rule.uc']);
});

test('a path starts from the file that states it', () => {
  const own = load(`${above}populations: {out: {fields: {trace: {bits: 8}}}}\nmicrocode: {rule: rule.uc}\n`);
  expect(own.sources.at(-1)?.file).toBe('lib/mine/rule.uc');
});

test('a fault is told in the file that states it', () => {
  expect(failure(() => load(`${above}populations: {out: {size: few}}\n`))).toMatchObject({
    file: 'lib/mine/above.yaml',
    line: 4,
  });
  const faulty: typeof texts = { ...texts, 'lib/base.yaml': base.replace('steps: 4', 'steps: none') };
  const find = (reference: string, from: string): SourceText => {
    const { file } = found(reference, from);
    return { file, text: faulty[file] ?? '' };
  };
  const source = { text: above, file: 'lib/mine/above.yaml' };
  expect(failure(() => loadProgram(source, { programs: find, microcode: find }))).toMatchObject({
    file: 'lib/base.yaml',
    line: 3,
  });
});

test('a program that is not there, or nothing that finds it, is told where it is named', () => {
  const place = { file: 'lib/mine/above.yaml', line: 2 };
  expect(failure(() => load(above.replace('../base', '../bose')))).toMatchObject({
    ...place,
    message: expect.stringContaining('there is no lib/bose.yaml') as unknown,
  });
  const source = { text: above, file: 'lib/mine/above.yaml' };
  expect(failure(() => loadProgram(source, {}))).toMatchObject(place);
});
