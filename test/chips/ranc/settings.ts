import type { Override } from 'plasticore/chips';
import type { RancTrace } from './trace-parts.ts';

type Config = RancTrace['config'];

/** The widths that are parameters of program `ranc` under the same names. */
const widths = [
  'potential_width',
  'weight_width',
  'leak_width',
  'threshold_width',
  'dx_width',
  'dy_width',
] as const satisfies readonly (keyof Config)[];

/** The changes that a configuration makes to program `ranc`, and to the banks of hw-model `ranc`. */
export function rancSettings(config: Config, file: string): { program: Override[]; hw: Override[] } {
  const place = { file };
  const { axons, neurons, slots, axon_types } = config;
  const axonWidth = Math.log2(axons);
  const offsetWidth = Math.log2(slots);
  const typeWidth = Math.log2(axon_types);
  const change = (value: unknown, ...path: (string | number)[]): Override => ({ path, value, place });
  const program = [
    change(axons, 'populations', 'axons', 'size'),
    change(neurons, 'populations', 'neurons', 'size'),
    change(slots, 'populations', 'slots', 'size'),
    ...widths.map((name) => change(config[name], 'parameters', name)),
    change(axonWidth, 'parameters', 'axon_width'),
    change(offsetWidth, 'parameters', 'offset_width'),
    change(typeWidth, 'parameters', 'type_width'),
    ...(axon_types === 4 ? [] : twoWeights()),
  ];
  const { potential_width, weight_width, leak_width, threshold_width, dx_width, dy_width } = config;
  const word =
    2 * potential_width +
    leak_width +
    2 * threshold_width +
    1 +
    dx_width +
    dy_width +
    axonWidth +
    offsetWidth;
  const register = Math.max(axons, potential_width);
  const registers = 1 + 2 * Math.ceil(neurons / Math.floor(register / potential_width));
  const hw = [
    ...bank('crossbar', axons, neurons),
    ...bank('weights', axon_types * weight_width, neurons),
    ...bank('neurons', word, neurons),
    ...bank('types', axons * typeWidth, 1),
    ...bank('scheduler', axons, slots),
    ...bank('registers', register, registers),
  ];
  return { program, hw };

  /** The kernel for two types of axons, and no weights for the other two. */
  function twoWeights(): Override[] {
    return [
      ...['w2', 'w3'].map((weight) => change(null, 'populations', 'neurons', 'fields', weight)),
      ...['neuron', 'examine'].map((event) => change('integrate2', 'events', 'on', event, 0, 'run')),
    ];
  }

  function bank(name: string, wordBits: number, words: number): Override[] {
    return [
      change(wordBits, 'banks', name, 'wordBits'),
      change(wordBits * words, 'banks', name, 'capacityBits'),
    ];
  }
}
