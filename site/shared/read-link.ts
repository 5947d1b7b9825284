/** Checks the value in a link by hand: the page would have to load a megabyte more for a library of schemas. */
import type { Design, SettingValue } from './design.ts';
import type { Look } from './look.ts';

/** A value in a link is not what it has to be. */
class UnexpectedValue extends Error {}

type Fields = Readonly<Record<string, unknown>>;

/** The fields of an object; one that nobody knows is refused, since it would be lost without a word. */
export function fields(value: unknown, known: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new UnexpectedValue();
  if (Object.keys(value).some((key) => !known.includes(key))) throw new UnexpectedValue();
  return { ...value };
}

export function optional<T>(value: unknown, read: (value: unknown) => T): T | undefined {
  return value === undefined ? undefined : read(value);
}

export function text(value: unknown): string {
  if (typeof value !== 'string') throw new UnexpectedValue();
  return value;
}

/** A whole number from 0. */
export function whole(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new UnexpectedValue();
  return value;
}

export function flag(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new UnexpectedValue();
  return value;
}

function setting(value: unknown): SettingValue {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  return typeof value === 'boolean' ? value : text(value);
}

/** A mapping with names that a person has given. */
function named<T>(value: unknown, read: (value: unknown) => T): Readonly<Record<string, T>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new UnexpectedValue();
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, read(each)]));
}

export function design(value: unknown): Design {
  const { experiment, hw, precision, seed, settings, edits } = fields(value, [
    'experiment',
    'hw',
    'precision',
    'seed',
    'settings',
    'edits',
  ]);
  return {
    experiment: text(experiment),
    hw: optional(hw, text),
    precision: optional(precision, text),
    seed: optional(seed, whole),
    settings: optional(settings, (each) => named(each, setting)) ?? {},
    edits: optional(edits, (each) => named(each, text)) ?? {},
  };
}

export function look(value: unknown): Look {
  const { neuron, projection, firstNeuron, sample, file, lesson } = fields(value, [
    'neuron',
    'projection',
    'firstNeuron',
    'sample',
    'file',
    'lesson',
  ]);
  return {
    neuron: optional(neuron, (each) => {
      const { population, index } = fields(each, ['population', 'index']);
      return { population: text(population), index: whole(index) };
    }),
    projection: optional(projection, text),
    firstNeuron: optional(firstNeuron, whole) ?? 0,
    sample: optional(sample, whole),
    file: optional(file, text),
    lesson: optional(lesson, (each) => {
      const { lesson: number, page } = fields(each, ['lesson', 'page']);
      return { lesson: whole(number), page: whole(page) };
    }),
  };
}
