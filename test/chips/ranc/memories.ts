import { type Core, fieldNamed } from 'plasticore/chips';
import type { RancTrace } from './trace-parts.ts';

type Memories = NonNullable<RancTrace['cores'][number]>;

const perNeuron = [
  'leak',
  'pos_threshold',
  'neg_threshold',
  'reset_potential',
  'reset_mode',
  'potential',
] as const satisfies readonly (keyof Memories)[];

/** Writes what a recording states into the memory of a core. */
export function loadRancCore(core: Core, memories: Memories): void {
  const { axon_types, crossbar, weights, dest } = memories;
  const write = (name: string, values: ArrayLike<number>): void =>
    core.write(fieldNamed(core.image, name), values);
  const axons = axon_types.length;
  write(
    'axons.type',
    Array.from(axon_types, (digit) => Number(digit)),
  );
  for (const name of perNeuron) write(`neurons.${name}`, memories[name]);
  for (const type of (weights[0] ?? []).keys())
    write(
      `neurons.w${type}`,
      weights.map((values) => values[type] ?? 0),
    );
  for (const [at, name] of ['dx', 'dy', 'axon', 'offset'].entries())
    write(
      `neurons.${name}`,
      dest.map((packet) => packet[at] ?? 0),
    );
  write(
    'crossbar.connected',
    crossbar.flatMap((digits) => connections(digits, axons)),
  );
}

/** Bit a of a hexadecimal number, counted from the right, is the connection of axon a. */
function connections(digits: string, axons: number): number[] {
  return Array.from({ length: axons }, (_, axon) => {
    const digit = digits.at(-1 - (axon >> 2)) ?? '0';
    return (Number.parseInt(digit, 16) >> (axon & 3)) & 1;
  });
}
