import { stringify } from 'yaml';
import { planKernels } from '../../../src/engine/fast/plan/kernel-plan.ts';
import type { Difference } from './compare.ts';
import { textOf } from './kernel.ts';
import { firstDifferenceRegister } from './locate.ts';
import { imageOf, type RandomProgram } from './program.ts';
import { shrink, tryProgram } from './shrink.ts';

/** Where the engines differ: as found, and reduced to the smallest program in which they still do. */
export function describeFailure(program: RandomProgram): string {
  const smallest = shrink(program);
  return [
    `random program ${program.seed}: ${describeTrial(program)}`,
    `cut down: ${describeTrial(smallest)}`,
    describeRegister(smallest),
    describeProgram(smallest),
  ].join('\n');
}

function describeRegister(program: RandomProgram): string {
  const found = firstDifferenceRegister(program);
  if (found === undefined) return 'no register parts: look at stores, events and counts';
  const { kernel, line, register, item, reference, fast } = found;
  return `kernel ${kernel}, '${line}': ${register} of item ${item} is ${reference} on the reference engine, ${fast} on the fast one`;
}

function describeTrial(program: RandomProgram): string {
  const trial = tryProgram(program);
  if (trial.is === 'crash')
    return `crash: ${trial.error instanceof Error ? trial.error.message : trial.error}`;
  if (trial.is === 'refused') return 'refused';
  return trial.outcome.difference === undefined
    ? 'no difference'
    : describeDifference(trial.outcome.difference);
}

export function describeDifference({ sample, step, what, reference, fast }: Difference): string {
  const when = step === undefined ? 'at its end' : `step ${step}`;
  return `sample ${sample}, ${when}: ${what} is ${reference} on the reference engine, ${fast} on the fast one`;
}

export function describeProgram(program: RandomProgram): string {
  const { hw, spec, samples, triggers } = program;
  const banks = hw.banks.map((bank) => [bank.name, bank.wordBits, bank.bitMask ? 'bitMask' : 'no bitMask']);
  const { lanes, datapathBits, arithmetic, columnGate, precision, inferenceWeights, router } = hw;
  const generators = hw.generators.map((generator) => JSON.stringify(generator)).join('; ');
  const core = {
    generators,
    arithmetic,
    lanes,
    datapathBits,
    columnGate,
    inferenceWeights,
    banks: banks.join('; '),
  };
  const fifo = `${router.fifoDepth} ${router.whenFull}`;
  const { populations, projections, parameters, events, steps, readout, regression } = spec;
  const program_ = { steps, readout, regression, parameters, populations, projections, events };
  const image = imageOf(program);
  const kernels = program.kernels.map((kernel) => {
    const plan = planKernels(image).find(({ kernel: { name } }) => name === kernel.name);
    return `; ${plan?.lanes ?? 'unused'}\n${textOf(kernel)}`;
  });
  return [
    stringify(
      { core: { ...core, precision, fifo } },
      { flowCollectionPadding: false, collectionStyle: 'flow' },
    ),
    stringify(program_, { collectionStyle: 'block', keepUndefined: false }),
    ...kernels,
    ...[...samples, ...triggers].map((run) => JSON.stringify(run)),
  ].join('\n');
}
