import type { EventScalar } from '../image/index.ts';
import { eventScalars, integerRange } from '../isa/index.ts';
import type { Program } from '../program/index.ts';
import { PlasticoreError } from '../text/index.ts';
import type { ResolvedParameters } from './parameters.ts';

/** A scalar of the named events with its kind of number. */
export interface ResolvedScalar extends EventScalar {
  readonly kind: 'integer' | 'flag';
}

/** The scalars of a program's named events: those that every event has, then those that the program declares. */
export function resolveScalars(
  { spec, locate }: Program,
  parameters: ResolvedParameters,
  datapathBits: number,
): ResolvedScalar[] {
  const largest = Math.max(...Object.values(spec.populations).map(({ size }) => size));
  const named = eventScalars.map((name) => ({ name, kind: 'integer' as const, low: 0, high: largest - 1 }));
  const declared = Object.entries(spec.events.scalars).map(
    ([name, { kind, bits, signed }]): ResolvedScalar => {
      const path = ['events', 'scalars', name];
      const fail = (message: string): never => {
        throw new PlasticoreError('invalid-value', message, locate(path));
      };
      if (eventScalars.includes(name)) fail(`every named event has '${name}' already`);
      if (kind === 'flag') return { name, kind, low: 0, high: 1 };
      if (bits === undefined) return fail('expected its bits');
      const width = parameters.whole(bits, 1, 'bits', locate([...path, 'bits']));
      const most = datapathBits - (signed ? 0 : 1);
      if (width > most) fail(`bits: the datapath holds at most ${most}, found ${width}`);
      return { name, kind, ...integerRange(width, signed) };
    },
  );
  return [...named, ...declared];
}
