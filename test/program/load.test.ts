import { describe, expect, it } from 'vitest';
import { compileCore } from '../../src/compiler/index.ts';
import { edit, failure, load, placeOf } from '../hardware/tiny.ts';
import { programOf, roundCore } from '../support/core.ts';

const text = `format: plasticore/program/1
name: net
steps: 2
parameters: {rate: 3}
input: in
populations:
  in: {size: 3, fields: {trace: {bits: 8}}}
  out: {size: 2, fields: {v: {bits: 16}}}
projections:
  p: {from: in, to: out}
microcode: {a: a.uc, b: b.uc}
events:
  tick:
    - {run: second, over: out}
    - deliver: in
  spike:
    in: [{run: first, over: p}]
readout: out.v
`;
const microcode = {
  'a.uc': 'kernel first over row\n  ld r0, post.v\n  st r0, post.v\nend\n',
  'b.uc': 'kernel second over neurons\n  ld r0, self.v\n  st r0, self.v\nend\n',
};

describe('a program', () => {
  it('brings its microcode, and the texts that it came from', () => {
    const program = programOf(text, microcode);
    expect([...program.kernels.keys()]).toEqual(['first', 'second']);
    expect(program.sources).toEqual([
      { text, file: 'net.yaml' },
      { text: microcode['a.uc'], file: 'a.uc' },
      { text: microcode['b.uc'], file: 'b.uc' },
    ]);
    expect(program.locate(['projections', 'p', 'from'])).toEqual({
      file: 'net.yaml',
      ...placeOf(text, 'in, to: out'),
    });
  });

  it('may have its microcode in itself', () => {
    const inline = edit(
      text,
      'a: a.uc,',
      'a: {text: "kernel first over row\\n  ld r0, post.v\\n  st r1, post.v\\nend"},',
    );
    expect(failure(() => programOf(inline, microcode))).toMatchObject({
      file: 'net.yaml microcode.a',
      line: 3,
    });
    const right = edit(inline, 'st r1', 'st r0');
    expect([...programOf(right, microcode).kernels.keys()]).toEqual(['first', 'second']);
  });

  it('does not depend on the order of its parts', () => {
    const turned = edit(text, '{a: a.uc, b: b.uc}', '{b: b.uc, a: a.uc}');
    const [one, other] = [text, turned].map((yaml) => {
      const { provenance, ...image } = compileCore(programOf(yaml, microcode), load(roundCore), {
        precision: 'mp16-8',
        seed: 1,
      });
      return image;
    });
    expect(one).toEqual(other);
  });

  it('names the parts of its microcode', () => {
    const listed = edit(text, '{a: a.uc, b: b.uc}', '[rules/lif.uc, learn]');
    expect(failure(() => programOf(listed, microcode))).toMatchObject({
      message: 'microcode: expected named parts, found a list of 2; write {lif: rules/lif.uc, learn: learn}',
      ...placeOf(listed, '[rules/lif.uc'),
    });
  });

  it('is a mapping, and has mappings in it', () => {
    expect(failure(() => programOf('', microcode)).message).toBe('expected a mapping, found nothing');
    const listed = edit(text, '{trace: {bits: 8}}', '[trace]');
    expect(failure(() => programOf(listed, microcode)).message).toBe(
      'populations.in.fields: expected a mapping, found a list of 1',
    );
  });

  it('has defaults', () => {
    const { spec } = programOf(text, microcode);
    expect(spec.projections.p).toMatchObject({
      connect: 'dense',
      initialWeights: { uniform: 0 },
      fields: {},
    });
    expect(spec.populations.in?.fields.trace).toEqual({
      kind: 'real',
      bits: 8,
      signed: true,
      overflow: 'saturate',
    });
    expect(spec.events.sample).toEqual([]);
  });

  it.each([
    // what, replaced by, where, what the error says
    ['name: net', 'nme: net', 'nme', ["unknown key 'nme'", "did you mean 'name'?"]],
    [
      'steps: 2',
      'steps: 0',
      '0\npar',
      ['steps: expected a number of steps (a whole number, 1 to 1048576), found 0'],
    ],
    ['steps: 2', 'steps: 2.5', '2.5', ['(a whole number, 1 to 1048576), found 2.5']],
    ['input: in', 'input: inn', 'inn', ["there is no population 'inn'"]],
    ['to: out}', 'to: uot}', 'uot', ["there is no population 'uot'"]],
    ['  p: {from', '  out: {from', '{from', ["'out' names both a population and a projection"]],
    ['    in: [{run', '    inn: [{run', '[{run', ["there is no population 'inn'"]],
    [
      'bits: 16',
      'bits: 16, overflow: clip',
      'clip',
      ["expected saturate, saturate-symmetric or wrap, found 'clip'"],
    ],
    ['bits: 16', 'kind: complex', 'complex', ["expected real, integer or flag, found 'complex'"]],
    ['bits: 16', 'bitz: 16', 'bitz', ["unknown key 'bitz'", "did you mean 'bits'?"]],
    ['{bits: 8}', '{bits: 8, initial: 3}', '3}}', ['initial: ', 'expected']],
    [
      '{bits: 8}',
      '{bits: 8, initial: {uniform: [1]}}',
      '[1]',
      ['expected an amplitude or [least, greatest]', 'found [1]'],
    ],
    ['{bits: 8}', '{bits: 8, initial: {unifrom: 1}}', 'unifrom', ["did you mean 'uniform'?"]],
    [
      'to: out}',
      'to: out, initialWeights: {uniform: [1, 2, 3]}}',
      '[1, 2, 3]',
      ['expected an amplitude or [least, greatest]', 'found [1,2,3]'],
    ],
    ['to: out}', 'to: out, connect: sparse}', 'sparse', ["found 'sparse'"]],
    [
      '{run: first, over: p}',
      '{run: first}',
      '{run: first}',
      ["'run: KERNEL' and 'over: POPULATION or PROJECTION' go together"],
    ],
    [
      '{run: first, over: p}',
      '{clear: [out.v], deliver: in}',
      '{clear',
      ['expected one of run, deliver, clear', 'found deliver and clear'],
    ],
    ['{run: first, over: p}', '{from: 1}', '{from: 1}', ['expected one of run, deliver', 'found none']],
    ['- deliver: in', '- {deliver: in, with: {a: 1}}', '{deliver: in, with', ["'with' goes with 'run'"]],
    [
      '- deliver: in',
      '- {do: [{do: [{delivr: in}]}]}',
      'delivr',
      ["unknown key 'delivr'", "did you mean 'deliver'?"],
    ],
    ['program/1', 'program/2', 'plasticore/program/2', ['newer than this release reads', 'plasticore 2.0']],
    ['rate: 3', 'rate: [3]', '[3]', ['expected a number, a formula, or {value: ..., add: {EPOCH: ...}}']],
  ])('with %j as %j is refused', (part, replacement, at, words) => {
    const broken = edit(text, part, replacement);
    const error = failure(() => programOf(broken, microcode));
    for (const word of words) expect(error.describe()).toContain(word);
    expect({ line: error.line, column: error.column }).toEqual(placeOf(broken, at));
    expect(error.file).toBe('net.yaml');
  });

  it('refuses two kernels of one name, with both places', () => {
    const error = failure(() => programOf(text, { ...microcode, 'b.uc': microcode['a.uc'] }));
    expect(error.describe()).toContain("b.uc:1:8: kernel 'first' is also defined in a.uc");
    expect(error.describe()).toMatch(/name its part '\w+' to replace that file/);
  });

  it('refuses a part of which no list runs a kernel, and names the part that was meant', () => {
    const third = { ...microcode, 'c.uc': 'kernel third over neurons\n  add r0, 1, 1\nend' };
    const misspelt = edit(text, 'b: b.uc', 'b: b.uc, update: b.uc, updat: c.uc').replace('b: b.uc, ', '');
    expect(failure(() => programOf(misspelt, third))).toMatchObject({
      message: 'no list runs a kernel of this part: it has third',
      hint: "did you mean 'update', to replace that part?",
      ...placeOf(misspelt, 'c.uc'),
    });
    const added = edit(text, 'b: b.uc', 'b: b.uc, other: c.uc');
    expect(failure(() => programOf(added, third)).hint).toBe(
      'name one where it should run, as in {run: third, over: ...}',
    );
  });

  it('gives a missing microcode file the place of its name', () => {
    const error = failure(() => programOf(text, { 'a.uc': microcode['a.uc'] }));
    expect(error.message).toContain("there is no file 'b.uc'");
    expect({ file: error.file, line: error.line, column: error.column }).toEqual({
      file: 'net.yaml',
      ...placeOf(text, 'b.uc'),
    });
  });

  it('gives a fault in the microcode the place in its own file', () => {
    const error = failure(() =>
      programOf(text, { ...microcode, 'b.uc': 'kernel second over neurons\n  ad r0, r0\nend' }),
    );
    expect(error.describe()).toContain("b.uc:2:3: there is no operation 'ad'");
  });
});
