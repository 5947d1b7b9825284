import type * as z from 'zod';
import { checkLength, found } from '../../text/index.ts';
import type { RancTrace } from './trace-parts.ts';

type Path = readonly (string | number)[];
type Numbers = readonly number[];
type CoreMemories = NonNullable<RancTrace['cores'][number]>;
type Packet = CoreMemories['dest'][number];

/** Checks that the parts of a recording of RANC fit together. Each part that does not is an issue at its path. */
export function checkRancShape(
  { config, cores, stimulus, expected }: RancTrace,
  context: z.core.$RefinementCtx,
) {
  const [columns, rows] = config.grid;
  const [outputX, outputY] = config.output_core;
  const routers = columns * rows;
  const output = outputX + outputY * columns;
  const { axons: A, neurons: N, slots: S } = config;

  if (outputX >= columns) below(['config', 'output_core', 0], outputX, columns, 'a column');
  else if (outputY >= rows) below(['config', 'output_core', 1], outputY, rows, 'a row');
  if (config.weight_width > config.potential_width) {
    const potentials = `weights no wider than potentials (${config.potential_width} bits)`;
    issue(['config', 'weight_width'], `expected ${potentials}, found ${config.weight_width}`);
  }
  if (perRouter(['cores'], cores)) {
    for (const [router, core] of cores.entries()) {
      if (isCore(['cores', router], router, core)) memories(['cores', router], router, core);
    }
  }

  ascending(['stimulus', 'ticks'], stimulus.ticks);
  const packets = stimulus.packets.map(([cycle]) => cycle);
  ascending(['stimulus', 'packets'], packets);
  for (const [at, [, ...packet]] of stimulus.packets.entries())
    packetIn(['stimulus', 'packets', at], packet, 1);
  for (const [at, [cycle, words]] of (stimulus.axis?.bursts ?? []).entries()) {
    const path = ['stimulus', 'axis', 'bursts', at];
    const before = stimulus.axis?.bursts[at - 1]?.[0] ?? 0;
    if (cycle < before) issue([...path, 0], `expected a cycle from ${before} on, found ${cycle}`);
    for (const [word, packet] of words.entries()) packetIn([...path, 1, word], packet, 0);
  }

  const ticks = expected.core_ticks.length;
  checkLength(context, ['expected', 'potentials'], expected.potentials, ticks, 'one for each tick of a core');
  for (const [at, potentials] of expected.potentials.entries())
    signed(['expected', 'potentials', at], potentials, N, config.potential_width);
  perRouter(['expected', 'fifo_writes'], expected.fifo_writes);
  perRouter(['expected', 'fifo_max'], expected.fifo_max);
  const { potentials, read_pointer } = expected.final;
  const final = ['expected', 'final'];
  if (perRouter([...final, 'potentials'], potentials)) {
    for (const [router, values] of potentials.entries()) {
      const path = [...final, 'potentials', router];
      if (isCore(path, router, values)) signed(path, values, N, config.potential_width);
    }
  }
  if (perRouter([...final, 'read_pointer'], read_pointer)) {
    for (const [router, pointer] of read_pointer.entries()) {
      const path = [...final, 'read_pointer', router];
      if (isCore(path, router, pointer)) below(path, pointer, S, 'a slot');
    }
  }
  const { flags, axis_accepted } = expected;
  for (const [path, stated] of [
    [['axis_accepted'], axis_accepted],
    [['flags', 'packet_read_error'], flags.packet_read_error],
    [['flags', 'fifo_write_error'], flags.fifo_write_error],
  ] as const) {
    if ((stated === undefined) === (stimulus.axis === undefined)) continue;
    const why = stimulus.axis === undefined ? 'nothing without stimulus.axis' : 'a list, for stimulus.axis';
    issue(['expected', ...path], `expected ${why}, found ${found(stated)}`);
  }

  function memories(path: Path, router: number, core: CoreMemories): void {
    const { xy, axon_types, crossbar, weights, dest } = core;
    const [x, y] = [router % columns, Math.floor(router / columns)];
    if (xy[0] !== x || xy[1] !== y) issue([...path, 'xy'], `expected [${x}, ${y}], found [${xy.join(', ')}]`);
    const isType = (digit: string): boolean => /\d/.test(digit) && Number(digit) < config.axon_types;
    if (axon_types.length !== A || !Array.from(axon_types).every(isType)) {
      const digits = `${A} digits from 0 to ${config.axon_types - 1}`;
      issue([...path, 'axon_types'], `expected ${digits}, found ${found(axon_types)}`);
    }
    const isRow = (digits: string): boolean =>
      digits.length === Math.ceil(A / 4) &&
      /^[0-9a-f]+$/.test(digits) &&
      (A >= 4 || Number.parseInt(digits, 16) < 2 ** A);
    if (perNeuron([...path, 'crossbar'], crossbar)) {
      for (const [neuron, digits] of crossbar.entries()) {
        if (isRow(digits)) continue;
        const bits = `a hexadecimal number of ${A} bits`;
        issue([...path, 'crossbar', neuron], `expected ${bits}, found ${found(digits)}`);
      }
    }
    if (perNeuron([...path, 'weights'], weights)) {
      for (const [neuron, values] of weights.entries())
        signed([...path, 'weights', neuron], values, config.axon_types, config.weight_width);
    }
    for (const [name, bits] of [
      ['leak', config.leak_width],
      ['pos_threshold', config.threshold_width],
      ['neg_threshold', config.threshold_width],
      ['reset_potential', config.potential_width],
      ['potential', config.potential_width],
    ] as const) {
      signed([...path, name], core[name], N, bits);
    }
    perNeuron([...path, 'reset_mode'], core.reset_mode);
    if (perNeuron([...path, 'dest'], dest)) {
      for (const [neuron, packet] of dest.entries()) packetIn([...path, 'dest', neuron], packet, 0);
    }
  }

  function packetIn(path: Path, [dx, dy, axon, offset]: Packet, from: number): void {
    inRange([...path, from], dx, config.dx_width);
    inRange([...path, from + 1], dy, config.dy_width);
    below([...path, from + 2], axon, A, 'an axon');
    below([...path, from + 3], offset, S, 'an offset');
  }

  function signed(path: Path, values: Numbers, length: number, bits: number): void {
    if (!checkLength(context, path, values, length, 'the size of a core')) return;
    for (const [at, value] of values.entries()) inRange([...path, at], value, bits);
  }

  function inRange(path: Path, value: number, bits: number): void {
    const high = 2 ** (bits - 1);
    if (value >= -high && value < high) return;
    issue(path, `expected a number of ${bits} bits (${-high} to ${high - 1}), found ${value}`);
  }

  function ascending(path: Path, cycles: Numbers): void {
    for (const [at, cycle] of cycles.entries()) {
      const least = at === 0 ? 0 : (cycles[at - 1] ?? 0) + 1;
      if (cycle >= least && cycle < stimulus.end) continue;
      const range = `a cycle from ${least} to ${stimulus.end - 1}`;
      issue([...path, at], `expected ${range}, found ${cycle}`);
    }
  }

  function below(path: Path, value: number, limit: number, what: string): void {
    if (value >= limit) issue(path, `expected ${what} below ${limit}, found ${value}`);
  }

  function perNeuron(path: Path, items: readonly unknown[]): boolean {
    return checkLength(context, path, items, N, 'one for each neuron');
  }

  function perRouter(path: Path, items: readonly unknown[]): boolean {
    return checkLength(context, path, items, routers, 'one for each router');
  }

  /** Whether the item of a router belongs to a core; there must be none for the output bus. */
  function isCore<Item>(path: Path, router: number, item: Item | null): item is Item {
    if ((item === null) !== (router === output))
      issue(
        path,
        `expected ${item === null ? 'those of a core' : 'null: the output bus'}, found ${found(item)}`,
      );
    return item !== null;
  }

  function issue(path: Path, message: string): void {
    context.addIssue({ code: 'custom', path: [...path], message });
  }
}
