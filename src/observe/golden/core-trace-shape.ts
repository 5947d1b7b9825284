import type * as z from 'zod';
import { integerRange } from '../../isa/index.ts';
import { checkLength, suggest } from '../../text/index.ts';
import type { CoreTrace, FieldValues } from './core-trace-parts.ts';

type Path = readonly (string | number)[];

/** Checks that the parts of a trace fit together. Each part that does not is an issue at its path. */
export function checkCoreTrace(trace: CoreTrace, context: z.core.$RefinementCtx): void {
  const { steps, samples, expected } = trace;
  const populations = new Map(trace.populations.map(({ name, size }) => [name, size]));
  const fields = new Map(trace.fields.map((field) => [field.name, field]));

  if ((trace.image === undefined) !== (trace.program !== undefined && trace.hwModel !== undefined)) {
    issue([], 'expected either program and hwModel, or image');
  }
  distinct(['populations'], trace.populations);
  distinct(['fields'], trace.fields);
  known(['input'], trace.input, populations, 'population');
  for (const [index, sample] of samples.entries()) {
    const path = ['samples', index, 'inputs'];
    const { length } = sample.inputs;
    if (length === 0 || length > steps)
      issue(path, `expected 1 to ${steps} items, one for each step of the sample, found ${length}`);
    spikesOf(path, sample.inputs, length, trace.input, 'an input');
  }

  fieldValues(['expected', 'initial'], expected.initial);
  for (const name of fields.keys()) {
    if (!Object.hasOwn(expected.initial, name))
      issue(['expected', 'initial'], `expected all fields, '${name}' is missing`);
  }
  checkLength(context, ['expected', 'samples'], expected.samples, samples.length, 'one for each sample');
  for (const [index, sample] of expected.samples.entries()) {
    const path = ['expected', 'samples', index];
    // A sample may have fewer steps than the program.
    const own = samples[index]?.inputs.length ?? steps;
    for (const [name, spikes] of Object.entries(sample.spikes)) {
      if (!known([...path, 'spikes', name], name, populations, 'population')) continue;
      spikesOf([...path, 'spikes', name], spikes, own, name, 'a neuron');
    }
    if (sample.cycles !== undefined) {
      checkLength(context, [...path, 'cycles'], sample.cycles, own, 'one for each step');
    }
    if (sample.steps !== undefined) {
      checkLength(context, [...path, 'steps'], sample.steps, own, 'one for each step');
      for (const [step, values] of sample.steps.entries()) fieldValues([...path, 'steps', step], values);
    }
    fieldValues([...path, 'fields'], sample.fields);
  }
  distinct(['expected', 'counters', 'banks'], expected.counters?.banks ?? []);
  for (const name of Object.keys(expected.counters?.spikes ?? {})) {
    known(['expected', 'counters', 'spikes', name], name, populations, 'population');
  }

  function issue(path: Path, message: string): void {
    context.addIssue({ code: 'custom', path: [...path], message });
  }

  function known(path: Path, name: string, names: ReadonlyMap<string, unknown>, what: string): boolean {
    if (names.has(name)) return true;
    issue(path, `there is no ${what} '${name}'; ${suggest(name, [...names.keys()])}`);
    return false;
  }

  function distinct(path: Path, items: readonly { readonly name: string }[]): void {
    const names = items.map(({ name }) => name);
    const again = names.findIndex((name, index) => names.indexOf(name) < index);
    if (again >= 0) issue([...path, again, 'name'], `'${names[again]}' is listed twice`);
  }

  function spikesOf(
    path: Path,
    byStep: readonly (readonly number[])[],
    length: number,
    of: string,
    what: string,
  ): void {
    checkLength(context, path, byStep, length, 'one for each step');
    const size = populations.get(of) ?? 0;
    for (const [step, spikes] of byStep.entries()) {
      const wrong = spikes.findIndex((neuron) => neuron >= size);
      if (wrong < 0 || isSizeAtFault(of, size)) continue;
      issue([...path, step, wrong], `expected ${what} below ${size}, found ${spikes[wrong]}`);
    }
  }

  /**
   * Every field of a population has an item for each neuron. If all the fields are larger, the size is wrong, not the
   * spike.
   */
  function isSizeAtFault(of: string, size: number): boolean {
    const larger = trace.fields.find(({ name, items }) => name.startsWith(`${of}.`) && items > size);
    if (larger === undefined) return false;
    const index = trace.populations.findIndex(({ name }) => name === of);
    issue(
      ['populations', index, 'size'],
      `expected ${larger.items}, the items of ${larger.name}, found ${size}`,
    );
    return true;
  }

  function fieldValues(path: Path, values: FieldValues): void {
    for (const [name, items] of Object.entries(values)) {
      const field = fields.get(name);
      if (field === undefined) {
        known([...path, name], name, fields, 'field');
        continue;
      }
      checkLength(context, [...path, name], items, field.items, 'as the list of fields says');
      if (field.storage === 'float32') continue;
      const { low, high } = integerRange(field.bits, field.signed);
      const wrong = items.findIndex((value) => !Number.isInteger(value) || value < low || value > high);
      if (wrong < 0) continue;
      issue([...path, name, wrong], `expected a whole number, ${low} to ${high}, found ${items[wrong]}`);
    }
  }
}
