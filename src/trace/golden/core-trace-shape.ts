import type * as z from 'zod';
import { Part } from '../../golden/index.ts';
import { integerRange } from '../../isa/index.ts';
import type { CoreTrace, FieldValues, TraceSampleExpected } from './core-trace-parts.ts';

/** Checks that the parts of a trace fit together. Each part that does not is an issue at its path. */
export function checkCoreTrace(trace: CoreTrace, context: z.core.$RefinementCtx): void {
  const part = new Part(trace, context);
  const { steps, samples, image, program, hwModel } = trace;
  if ((image === undefined) !== (program !== undefined && hwModel !== undefined))
    part.issue('expected either program and hwModel, or image');
  const [populations, fields] = [trace.populations, trace.fields].map((list) => list.map(({ name }) => name));
  part
    .at('populations')
    .as(populations ?? [])
    .distinct('population');
  part
    .at('fields')
    .as(fields ?? [])
    .distinct('field');
  part.at('input').known(populations ?? [], 'population');
  for (const sample of part.at('samples').items()) {
    const inputs = sample.at('inputs');
    const { length } = inputs.value;
    if (length === 0 || length > steps)
      inputs.issue(`expected 1 to ${steps} items, one for each step of the sample, found ${length}`);
    checkSpikes(inputs, length, trace.input, 'an input', part);
    checkValues(sample.at('values'), inputs.value, trace.input, trace);
  }
  const expected = part.at('expected');
  checkFields(expected.at('initial'), trace);
  for (const { name } of trace.fields) {
    if (!Object.hasOwn(trace.expected.initial, name))
      expected.at('initial').issue(`expected all fields, '${name}' is missing`);
  }
  expected.at('samples').length(samples.length, 'one for each sample');
  for (const [index, sample] of expected.at('samples').items().entries()) {
    // A sample may have fewer steps than the program.
    const presented = samples[index]?.inputs.length ?? steps;
    checkSample(sample, (sample.value.replayed === true ? 2 : 1) * presented, part);
  }
  const counters = expected.at('counters').present();
  counters
    ?.at('banks')
    .as(counters.value.banks.map(({ name }) => name))
    .distinct('bank');
  for (const [name, spikes] of counters?.at('spikes').entries() ?? [])
    spikes.as(name).known(populations ?? [], 'population');
}

function checkSample(sample: Part<TraceSampleExpected>, steps: number, trace: Part<CoreTrace>): void {
  const populations = trace.value.populations.map(({ name }) => name);
  for (const [name, spikes] of sample.at('spikes').entries())
    if (spikes.as(name).known(populations, 'population')) checkSpikes(spikes, steps, name, 'a neuron', trace);
  for (const [name, values] of sample.at('values').present()?.entries() ?? [])
    if (values.as(name).known(populations, 'population'))
      checkValues(values, sample.value.spikes[name] ?? [], name, trace.value);
  for (const list of sample.each('cycles', 'steps')) list.present()?.length(steps, 'one for each step');
  for (const values of sample.at('steps').present()?.items() ?? []) checkFields(values, trace.value);
  checkFields(sample.at('fields'), trace.value);
}

function checkSpikes(
  byStep: Part<readonly (readonly number[])[]>,
  steps: number,
  of: string,
  what: string,
  trace: Part<CoreTrace>,
): void {
  byStep.length(steps, 'one for each step');
  const population = trace
    .at('populations')
    .items()
    .find(({ value }) => value.name === of);
  const size = population?.value.size ?? 0;
  if (byStep.value.every((spikes) => spikes.every((neuron) => neuron < size))) return;
  // Every field of a population has an item for each neuron. If all are larger, the size is wrong, not the spike.
  const larger = trace.value.fields.find(({ name, items }) => name.startsWith(`${of}.`) && items > size);
  if (larger === undefined) for (const spikes of byStep.items()) spikes.allBelow(size, what);
  else population?.at('size').expect(false, `${larger.items}, the items of ${larger.name}`);
}

function checkValues(
  values: Part<readonly (readonly number[])[] | undefined>,
  spikes: readonly (readonly number[])[],
  of: string,
  { populations }: CoreTrace,
): void {
  const { payload } = populations.find(({ name }) => name === of) ?? {};
  const byStep = values.present();
  if ((byStep === undefined) !== (payload === undefined))
    values.issue(`expected ${payload === undefined ? 'none' : 'numbers'}: see the payload of '${of}'`);
  if (byStep === undefined || payload === undefined) return;
  byStep.length(spikes.length, 'one for each step');
  const { low, high } = integerRange(payload.bits, payload.signed);
  for (const [step, numbers] of byStep.items().entries()) {
    numbers.length(spikes[step]?.length ?? 0, 'one for each spike');
    numbers.all((value) => value >= low && value <= high, `${low} to ${high}`);
  }
}

function checkFields(values: Part<FieldValues>, { fields }: CoreTrace): void {
  for (const [name, items] of values.entries<readonly number[]>()) {
    const field = fields.find((one) => one.name === name);
    if (field === undefined) {
      items.as(name).known(
        fields.map((one) => one.name),
        'field',
      );
      continue;
    }
    items.length(field.items, 'as the list of fields says');
    if (field.storage === 'float32') continue;
    const { low, high } = integerRange(field.bits, field.signed);
    const isInRange = (value: number): boolean => Number.isInteger(value) && value >= low && value <= high;
    items.all(isInRange, `a whole number, ${low} to ${high}`);
  }
}
