/** A network whose sizes are not those of a person's data. */
import { type Dataset, encodedInputs } from '../../src/data/index.ts';
import { sampleSteps } from '../../src/engine/index.ts';
import { checkData } from '../../src/experiment/index.ts';
import { suppliedTo } from '../../src/image/index.ts';
import { attempt, PlasticoreError } from '../../src/text/index.ts';
import type { Adaptation } from '../shared/protocol.ts';
import { type CompiledDesign, compileDesign } from './compile.ts';

/**
 * What makes a network fit data that it does not: sizes of its input and of its answers, and steps. Undefined where
 * that is not all, or the program does not state them as numbers.
 */
export function adaptationTo(compiled: CompiledDesign, data: Dataset): Adaptation | undefined {
  const { design, program, cell, find } = compiled;
  const { image, encoder, chip } = cell;
  const { train } = data;
  const input = image.populations[image.input];
  const readout = image.fields[image.readout];
  if (chip !== undefined || input === undefined || readout === undefined) return undefined;
  const wanted: { readonly path: string; readonly value: number; readonly words: string }[] = [];
  const sizes = new Map(
    Object.entries(program.spec.populations).map(([name, { size }]) => [name, size] as const),
  );
  const resize = (name: string, value: number, what: string): void => {
    if (typeof sizes.get(name) !== 'number') return;
    wanted.push({ path: `program.populations.${name}.size`, value, words: `${value} ${what}` });
  };
  const inputs = attempt(() => encodedInputs(train, encoder));
  if (typeof inputs === 'number' && inputs !== suppliedTo(input)) resize(input.name, inputs, 'inputs');
  if (train.classes > readout.count) resize(readout.name.split('.')[0] ?? '', train.classes, 'answers');
  const steps = train.kind === 'events' ? (train.steps ?? 0) : 0;
  if (steps > sampleSteps(image))
    wanted.push({ path: 'program.steps', value: steps, words: `${steps} steps of a sample` });
  if (wanted.length === 0) return undefined;
  const settings = Object.fromEntries(wanted.map(({ path, value }) => [path, value] as const));
  const adapted = attempt(() => {
    const { cell: other } = compileDesign({ ...design, settings: { ...design.settings, ...settings } }, find);
    checkData(other, data);
  });
  if (adapted instanceof PlasticoreError) return undefined;
  return { settings, words: wanted.map(({ words }) => words).join(', ') };
}
