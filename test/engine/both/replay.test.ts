import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/compiler/index.ts';
import { createCore, engineNames, type Processor, runSample } from '../../../src/engine/index.ts';
import { imageOfCore, readImage, writeImage } from '../../../src/image/index.ts';
import { createMachine } from '../../../src/machine/index.ts';
import { failure } from '../../hardware/tiny.ts';
import { roundMesh } from '../../machine/round-mesh.ts';
import { imageOf, loaderOn, programOf, spikeTrain, valuesOf } from '../../support/core.ts';

/* Each step counts in `out`: for all presentations, for the first, and for the second. `error` is the label. */
const program = `format: plasticore/program/1
name: twice
steps: 3
replay: out.error
input: in
populations:
  in: {size: 2}
  out: {size: 2, fields: {all: {bits: 8}, first: {bits: 8}, second: {bits: 8}, heard: {bits: 8}, error: {kind: integer, bits: 8}, begun: {bits: 8}}}
projections:
  p: {from: in, to: out}
microcode: {rule: rule.uc}
events:
  sample:
    - {run: begin, over: out}
  tick:
    - {deliver: in}
    - {run: countAll, over: out}
    - {run: countFirst, over: out, pass: first}
    - {run: countSecond, over: out, pass: replay}
    - {run: judge, over: out, when: learning, last: 1, pass: first}
  spike:
    in:
      - {run: hear, over: p, pass: replay}
readout: out.first
`;

const count = (name: string, field: string): string =>
  `kernel ${name} over neurons\n  ld r0, self.${field}\n  add r0, r0, 1\n  st r0, self.${field}\nend\n`;
const rules = `${count('begin', 'begun')}${count('countAll', 'all')}${count('countFirst', 'first')}${count('countSecond', 'second')}
kernel judge over neurons
  ld r0, host.label
  st r0, self.error
end
kernel hear over row
  ld r0, post.heard
  add r0, r0, 1
  st r0, post.heard
end
`;

const image = imageOf(program, rules);
/** Each neuron of `out` on a core of its own. */
const spread = compile(
  programOf(program, { 'rule.uc': rules }),
  roundMesh(),
  { precision: 'mp16-8', seed: 1 },
  {
    slices: {
      in: [{ first: 0, size: 2, core: 0 }],
      out: [0, 1].map((core) => ({ first: core, size: 1, core })),
    },
  },
);
const fields = ['all', 'first', 'second', 'heard', 'begun'];
const counted = (core: Processor): number[] =>
  fields.map((field) => valuesOf(core, `out.${field}`)[0] ?? Number.NaN);
const spikes = spikeTrain([0], [], [0, 1]);

describe.each(engineNames)('on the %s engine', (engineName) => {
  const engineWith = loaderOn(engineName);

  it.each([
    ['one core', () => engineWith(image)],
    ['two cores', () => createMachine(spread, { engine: engineName })],
  ])('on %s, a sample is presented again where the field is set, from its first step on', (_, start) => {
    const core = start();
    const steps: number[] = [];
    const learn = (label: number): void =>
      runSample(core, spikes, { label, learn: true, observe: (step) => steps.push(step) });
    learn(0);
    expect(steps).toEqual([0, 1, 2]);
    expect(counted(core)).toEqual([3, 3, 0, 0, 1]);
    learn(1);
    expect(steps).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2]);
    expect(counted(core)).toEqual([9, 6, 3, 3, 3]);
    // It is one sample of six steps.
    const { samples, steps: run, spikes: [received] = [] } = core.counters();
    expect({ samples, run, received }).toEqual({ samples: 2, run: 9, received: 9 });
    learn(0);
    expect(counted(core)).toEqual([12, 9, 3, 3, 4]);
  });

  it('a sample that is not learned is presented once', () => {
    const core = engineWith(image);
    core.write(image.replay ?? -1, [5, 5]);
    runSample(core, spikes, { label: 1, learn: false });
    expect(counted(core)).toEqual([3, 3, 0, 0, 1]);
  });

  it('goes on in the middle of a replay from a checkpoint', () => {
    const core = engineWith(image);
    core.begin({ label: 0, learn: true, steps: 3, spikes, isReplay: true });
    core.step();
    const checkpoint = core.checkpoint();
    core.finish();
    for (const other of engineNames) {
      const resumed = createCore(image, { engine: other });
      resumed.resume(checkpoint);
      resumed.finish();
      expect(counted(resumed)).toEqual(counted(core));
      expect(resumed.counters()).toEqual(core.counters());
    }
    expect(counted(core)).toEqual([3, 0, 3, 3, 1]);
    expect(core.counters().samples).toBe(0);
  });
});

describe('a replay', () => {
  it('is in the file of an image, and not in one that only infers', () => {
    expect(readImage(writeImage(imageOfCore(image)), 'twice.pcore')).toEqual(imageOfCore(image));
    expect(imageOf(program, rules, undefined, { inference: true }).replay).toBeUndefined();
    const wrong = { ...image, replay: image.fields.length };
    expect(failure(() => readImage(writeImage(imageOfCore(wrong)), 'twice.pcore')).code).toBe('image');
  });

  it.each([
    ['replay: out.error', 'replay: out.nothing', "'out' has no field 'nothing'"],
    ['replay: out.error\n', '', 'this program presents each sample once'],
    ['pass: first}', 'pass: second}', 'expected first or replay'],
  ])('where %s becomes %s is refused', (from, to, message) => {
    const text = program.replace(from, to);
    const error = failure(() => imageOf(text, rules));
    expect([error, ...error.others].map((one) => one.message).join('\n')).toContain(message);
    expect(error.file).toBe('net.yaml');
  });
});
