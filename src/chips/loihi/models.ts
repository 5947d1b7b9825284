import type { Override } from '../api.ts';
import type { Layout } from './network.ts';

/**
 * Who computes. `common` is the model that the public ones agree with, and NengoLoihi where they differ: it was tested
 * on the chip. It is program `loihi` as it stands.
 */
export type LoihiModel = 'common' | 'brian2loihi' | 'lava';

/** Limits of voltages. */
export interface VoltageLimits {
  readonly lowest: number;
  readonly highest: number;
}

/** The largest current or voltage that program `loihi` can hold in any model. */
export const largestHeld = 2 ** 31 - 1;

/** How the registers of a model differ from those of program `loihi`. */
const registers: Readonly<Record<LoihiModel, Readonly<Record<string, number>>>> = {
  common: {},
  // Nothing is limited. 32 bits hold what does not diverge.
  brian2loihi: {
    charge_width: 32,
    current_width: 32,
    drive_width: 32,
    voltage_width: 32,
    lowest_voltage: -largestHeld,
    highest_voltage: largestHeld,
  },
  // Its current is corrected once, by the kernel, and may stay beyond 24 bits.
  lava: { charge_width: 32, current_width: 32, drive_width: 32 },
};

/** The changes to program `loihi` for a model and a network. The other models have limits of their own. */
export function loihiSettings(
  model: LoihiModel,
  { axons, compartments }: Pick<Layout, 'axons' | 'compartments'>,
  { lowest, highest }: VoltageLimits,
  file: string,
): { program: Override[] } {
  const change = (value: unknown, ...path: (string | number)[]): Override => ({
    path,
    value,
    place: { file },
  });
  const parameters = {
    ...(model === 'common' ? { lowest_voltage: lowest, highest_voltage: highest } : {}),
    ...registers[model],
  };
  return {
    program: [
      change(axons, 'populations', 'axons', 'size'),
      change(compartments, 'populations', 'compartments', 'size'),
      ...Object.entries(parameters).map(([name, value]) => change(value, 'parameters', name)),
      ...(model === 'lava' ? [change('updateOnce', 'events', 'on', 'update', 0, 'run')] : []),
    ],
  };
}
