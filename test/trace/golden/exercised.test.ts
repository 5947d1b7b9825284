import { expect, test } from 'vitest';
import { engineNames } from '../../../src/engine/index.ts';
import { deploy, noSettings } from '../../../src/experiment/index.ts';
import { describeExercised } from '../../../src/golden/index.ts';
import { createMachine } from '../../../src/machine/index.ts';
import type { Find } from '../../../src/text/index.ts';
import { coreTraceFormat } from '../../../src/trace/golden/core-trace.ts';
import { traceHead } from '../../../src/trace/golden/record.ts';
import {
  type CoreTrace,
  coverageOf,
  recordTrace,
  replayContext,
  replayCoreTrace,
} from '../../../src/trace/index.ts';
import { roundCore } from '../../support/core.ts';

/* Each input spike adds 40 to the three membranes, which hold -128 to 127; a neuron fires from 100 on and loses 100. */
const program = `format: plasticore/program/1
name: small
steps: 4
parameters: {gain: 40, threshold: 100}
input: in
populations:
  in: {size: 2}
  out:
    size: 3
    fields:
      v: {bits: 8}
      seen: {kind: flag}
projections:
  forward: {from: in, to: out}
microcode: {small: small.uc}
events:
  sample:
    - clear: [out.v]
  tick:
    - deliver: in
    - {run: fire, over: out}
    - {run: see, over: out, when: learning}
  spike:
    in:
      - {run: integrate, over: forward}
readout: out.v
`;

const microcode = `kernel integrate over row
  ld       r0, post.v
  add      r0, r0, #gain
  st       r0, post.v
end

kernel fire over neurons
  ld       r0, self.v
  cmp.ge   r1, r0, #threshold
  sub      r2, r0, #threshold
  sel      r0, r1, r2, r0
  st       r0, self.v
  emit     r1
end

kernel see over neurons
  ld       r0, self.v
  cmp.lt   r1, r0, 0
  st       r1, self.seen
end
`;

const find: Find = (_, reference) => {
  const text = {
    './net.yaml': program,
    './scheduled.yaml': program.replace('gain: 40', 'gain: {value: 40, add: {2: 1}}'),
    './core.yaml': roundCore,
    './small.uc': microcode,
    'small.uc': microcode,
  }[reference];
  if (text === undefined) throw new Error(reference);
  return { text, file: reference };
};

const request = {
  program: { name: './net.yaml', from: '' },
  hw: { name: './core.yaml', from: '' },
  precision: 'mp16-8',
  seed: 1,
  settings: noSettings,
};

/** A trace of one sample, in which the inputs spike so. */
function traceOfInputs(inputs: readonly (readonly number[])[], learn: boolean): CoreTrace {
  const { image } = deploy(request, find);
  const samples = [{ epoch: 0, learn, host: { label: 0 }, inputs: inputs.map((step) => [...step]) }];
  const { core, ...head } = traceHead(image, ['out.v', 'out.seen']);
  return {
    format: coreTraceFormat,
    name: 'small',
    description: '',
    program: './net.yaml',
    hwModel: './core.yaml',
    settings: [],
    precision: 'mp16-8',
    seed: 1,
    core,
    ...head,
    samples,
    expected: recordTrace(createMachine(image, { engine: 'reference' }), samples, {
      fields: ['out.v', 'out.seen'],
    }),
  };
}

function exercised(trace: CoreTrace, engine: string): string[] {
  const context = replayContext({
    file: '',
    engine,
    find,
    readImage: () => deploy(request, find).image,
  });
  const verdict = replayCoreTrace(trace, context);
  if (!verdict.agrees || verdict.exercised === undefined) throw new Error('it diverges');
  return describeExercised(verdict.exercised);
}

test('a threshold that is not reached is named, and so are the kernel that never ran and the neurons', () => {
  // 40 and 80: below 100 in every step.
  expect(exercised(traceOfInputs([[0], [0], [], []], false), 'reference')).toEqual([
    'kernels: 2 of 3 ran, 9 of 12 instructions; never ran: see(out)',
    'neurons that spiked: 1 of 2 in in, 0 of 3 in out',
    'memories: 2 of 3 fields compared, 1 of them changed; never changed: out.seen',
    'not compared: forward.weight',
    'comparisons and selections: 0 of 3 went both ways',
    '  always false: fire(out), line 2: cmp.ge r1, r0, 100',
    '  always false: fire(out), line 4: sel r0, r1, r2, r0',
    'saturation: 0 of 1 stored fields reached an end; never: out.v',
  ]);
});

test('a threshold that is reached, and a membrane that saturates', () => {
  // 80, 160, which is 127 and fires, leaving 27; then 27 is below 100.
  expect(exercised(traceOfInputs([[0, 1], [0, 1], [], []], true), 'reference')).toEqual([
    'kernels: 3 of 3 ran, 12 of 12 instructions',
    'neurons that spiked: 2 of 2 in in, 3 of 3 in out',
    'memories: 2 of 3 fields compared, 1 of them changed; never changed: out.seen',
    'not compared: forward.weight',
    'comparisons and selections: 2 of 3 went both ways',
    '  always false: see(out), line 2: cmp.lt r1, r0, 0',
    'saturation: 1 of 1 stored fields reached an end',
  ]);
});

test.each(engineNames)('engine %s counts the same kernels, neurons and memories', (engine) => {
  const lines = exercised(traceOfInputs([[0], [0], [], []], false), engine);
  expect(lines.slice(0, 4)).toEqual([
    'kernels: 2 of 3 ran, 9 of 12 instructions; never ran: see(out)',
    'neurons that spiked: 1 of 2 in in, 0 of 3 in out',
    'memories: 2 of 3 fields compared, 1 of them changed; never changed: out.seen',
    'not compared: forward.weight',
  ]);
  if (engine === 'fast')
    expect(lines.slice(4)).toEqual(['comparisons and saturation: counted on the reference engine alone']);
});

test('what a trace does not state is named', () => {
  const { expected, ...trace } = traceOfInputs([[0, 1], [0, 1], [], []], true);
  const bare = expected.samples.map(() => ({ spikes: {}, fields: {} }));
  expect(exercised({ ...trace, expected: { initial: {}, samples: bare } }, 'fast')).toContain(
    'not compared: out.v, out.seen, forward.weight, spikes of out, cycles, answers, counters',
  );
});

test('of a schedule, the intervals are counted in which samples were presented', () => {
  const { image } = deploy({ ...request, program: { name: './scheduled.yaml', from: '' } }, find);
  const { samples, ...trace } = traceOfInputs([[0], [0], [], []], false);
  const linesOf = (...epochs: readonly number[]) =>
    describeExercised(
      coverageOf(
        { ...trace, samples: epochs.flatMap((epoch) => samples.map((sample) => ({ ...sample, epoch }))) },
        image,
        'fast',
        () => true,
      ),
    );
  expect(linesOf(0, 1)).toContain('values of scheduled parameters: 1 of 2 intervals');
  expect(linesOf(0, 5)).toContain('values of scheduled parameters: 2 of 2 intervals');
});
