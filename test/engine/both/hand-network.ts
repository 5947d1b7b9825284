import { compileCore } from '../../../src/compiler/index.ts';
import { type Core, type EngineName, runSample } from '../../../src/engine/index.ts';
import { type HwModel, loadHwModel } from '../../../src/hardware/index.ts';
import { edit, files } from '../../hardware/tiny.ts';
import { loaderOn, programOf, roundCore, rule, spikeTrain } from '../../support/core.ts';

/** A 3-2-2 network of two steps with the bundled rules: the lists of mnist-snn, learning from the first step on. */
export const handProgram = `format: plasticore/program/1
name: hand
steps: 2
parameters: {threshold: 128, boxHalfWidth: 64, errorShift: 1, signalShift: 6, spikeTrace: 64}
input: input
populations:
  input:
    size: 3
    fields:
      trace: {bits: 8, signed: false}
  hidden:
    size: 2
    fields:
      v: {accumulator: weightBits + 8}
      trace: {bits: 8, signed: false}
      box: {kind: flag}
      feedback: {accumulator: 15}
      signal: {bits: 8, overflow: saturate-symmetric}
  output:
    size: 2
    fields:
      v: {accumulator: weightBits + 8}
      signal: {bits: 8, overflow: saturate-symmetric}
projections:
  in: {from: input, to: hidden}
  out: {from: hidden, to: output}
microcode: {neuron: lif.uc, signal: three-factor.uc, update: learn.uc, feedback: feedback.uc, traces: traces.uc}
events:
  sample:
    - clear: [hidden.v, output.v]
    - {clear: [input.trace, hidden.trace], when: learning}
  tick:
    - {run: leak, over: output, with: {leak: 2}}
    - when: learning
      do:
        - {run: decay, over: input, with: {shift: 1}}
        - {run: decay, over: hidden, with: {shift: 2}}
    - deliver: input
    - {run: surrogate, over: hidden, when: learning}
    - {run: fire, over: hidden, with: {leak: 1}}
    - deliver: hidden
    - when: learning
      do:
        - {run: error, over: output}
        - stopUnlessAny: output.signal
        - {run: feedback, over: out}
        - {run: signal, over: hidden}
        - {run: learn, over: out, with: {rate: 5}}
        - {run: learn, over: in, with: {rate: 4}}
  spike:
    input:
      - {run: mark, over: input, when: learning}
      - {run: integrate, over: in, with: {align: 0}}
    hidden:
      - {run: mark, over: hidden, when: learning}
      - {run: integrate, over: out, with: {align: 0}}
readout: output.v
`;

export const handCore = (...edits: readonly (readonly [string, string])[]): HwModel =>
  loadHwModel(
    edits.reduce((text, [part, replacement]) => edit(text, part, replacement), roundCore),
    'model.yaml',
    files({}),
  );

/** The words of each bank before the sample, 16 bits each. */
const before = {
  // One 16-bit shadow weight a word; rows of two: in 0, 1, 2, then out 0, 1.
  shadow: [20000, -5000, 12800, 32767, 15488, 9000, 8000, -7000, 30000, 32700],
  // Two 8-bit weights a word, the first in the low byte: (shadow + 128) >> 8, at most 127.
  //   in 0: 78 = 4e, -20 = ec   1: 50 = 32, 127 = 7f   2: 61 = 3d, 35 = 23   out 0: 31 = 1f, -27 = e5   1: 117 = 75,
  // 127
  weight: [0xec4e, 0x7f32, 0x233d, 0xe51f, 0x7f75],
  // What the sample list clears (traces in words 0, 1, 4; membranes in 2, 3, 9, 10), and the gathered errors in words
  // 6, 7, which nothing clears.
  state: [0xffff, 0xff, 99, 99, 0xffff, 3, 500, 1000, 0, 99, 99, 0],
};

/** The engine after compiling for a core, with these words in its banks (no weight bank on a core that slices). */
export function handEngine(hw: HwModel, engine: EngineName = 'reference'): Core {
  const program = programOf(handProgram, {
    'lif.uc': rule('lif.uc'),
    'three-factor.uc': rule('three-factor.uc'),
    'learn.uc': rule('learn.uc'),
    'feedback.uc': rule('feedback.uc'),
    'traces.uc': rule('traces.uc'),
  });
  const image = compileCore(program, hw, { precision: 'mp16-8', seed: 1 });
  const { weight, ...others } = before;
  return loaderOn(engine)(image, hw.inferenceWeights === 'stored' ? { weight, ...others } : others);
}

/** Inputs 0 and 2 spike, then 1 and 2; the label is 1. */
export function runHandSample(engine: Core, observe?: (step: number) => void): void {
  runSample(engine, spikeTrain([0, 2], [1, 2]), { label: 1, learn: true, observe });
}
