import type { EventScalar } from '../../image/index.ts';
import { eventScalars, integerRange } from '../../isa/index.ts';
import { refuse } from '../../program/index.ts';
import type { Target } from '../target.ts';

/** A scalar of the named events, with its kind of number. */
export interface ResolvedScalar extends EventScalar {
  readonly kind: 'integer' | 'flag';
}

/** The scalars of a program's named events: the built-in ones, then those that the program declares. */
export function resolveScalars({ program, parameters, hw }: Target): ResolvedScalar[] {
  const { populations, events } = program.spec;
  const largest = Math.max(...Object.values(populations).map(({ size }) => size));
  const named = eventScalars.map((name) => ({ name, kind: 'integer' as const, low: 0, high: largest - 1 }));
  const declared = Object.entries(events.scalars).map(([name, { kind, bits, signed }]): ResolvedScalar => {
    const path = ['events', 'scalars', name];
    if (eventScalars.includes(name)) refuse(program, path, `every named event has '${name}' already`);
    if (kind === 'flag') return { name, kind, low: 0, high: 1 };
    if (bits === undefined) return refuse(program, path, 'expected its bits');
    const width = parameters.whole(bits, 1, 'bits', program.locate([...path, 'bits']));
    const most = hw.datapathBits - (signed ? 0 : 1);
    if (width > most) refuse(program, path, `bits: the datapath holds at most ${most}, found ${width}`);
    return { name, kind, ...integerRange(width, signed) };
  });
  return [...named, ...declared];
}
