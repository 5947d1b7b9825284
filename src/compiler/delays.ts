import type { HwModel } from '../hardware/index.ts';
import type { Projection } from '../image/index.ts';
import {
  connectionOf,
  type DelaySpec,
  type InitialSpec,
  type Program,
  programLimits,
  refuse,
  rowsOf,
  SegmentList,
  type Segments,
  visitRow,
} from '../program/index.ts';
import { drawsBetween, streams } from '../random/index.ts';
import { at, type Path } from '../text/index.ts';
import type { ResolvedParameters } from './parameters.ts';

/** How long spikes wait before they act through a projection. */
interface Delay {
  /** The longest, in steps. */
  readonly longest: number;
  /** That of each weight's synapses, in the order of the weights; undefined where all have the longest. */
  readonly ofWeights: Uint8Array | undefined;
  /** Where they differ: for each delay that occurs, ascending, the synapses that have it. */
  readonly parts: ReadonlyMap<number, Segments>;
}

/** Delays by projection. */
export type Delays = ReadonlyMap<string, Delay>;

/**
 * The delays that a program states.
 *
 * @throws PlasticoreError for one that is no whole number of steps in range, and where there is nothing to delay
 */
export function resolveDelays(program: Program, parameters: ResolvedParameters, seed: number): Delays {
  const { spec } = program;
  const delays = new Map<string, Delay>();
  for (const [index, [name, { delay }]] of Object.entries(spec.projections).entries()) {
    if (delay === undefined) continue;
    const path = ['projections', name, 'delay'];
    if (Object.keys(spec.events.on).length > 0)
      refuse(
        program,
        path,
        'named events have no steps that a spike could wait for',
        'let the controller that triggers them wait',
      );
    delays.set(
      name,
      typeof delay === 'object'
        ? delaysOfWeights(program, parameters, name, index, delay, seed)
        : {
            longest: oneDelay(program, parameters, delay, path),
            ofWeights: undefined,
            parts: new Map(),
          },
    );
  }
  return delays;
}

/**
 * The delays with which each spike of the input enters.
 *
 * @throws PlasticoreError for delays that do not ascend from 0, for delays of another population, and where a
 * projection delays the same spikes
 */
export function resolveEntries(program: Program, parameters: ResolvedParameters, delays: Delays): number[] {
  const { spec } = program;
  const { input = '' } = spec;
  for (const [name, population] of Object.entries(spec.populations))
    if (population.delays !== undefined && name !== input)
      refuse(
        program,
        ['populations', name, 'delays'],
        `only the input has delays, and '${name}' makes its own spikes`,
        'give a projection a delay',
      );
  const path = ['populations', input, 'delays'];
  const entries = (spec.populations[input]?.delays ?? [0]).map((formula, index) => {
    const place = program.locate([...path, index]);
    const steps = parameters.constant(formula, place);
    if (Number.isInteger(steps) && steps >= 0 && steps <= most) return steps;
    return refuse(
      program,
      [...path, index],
      `delays: expected whole numbers of steps from 0 to ${most}, found ${steps}`,
    );
  });
  const isAscending = entries.every((steps, index) => index === 0 || steps > at(entries, index - 1));
  if (entries[0] !== 0 || !isAscending)
    refuse(program, path, `delays: expected 0, then ascending numbers of steps, found ${entries.join(', ')}`);
  const other = [...delays.keys()].find((name) => spec.projections[name]?.from === input);
  if (entries.length > 1 && other !== undefined)
    refuse(
      program,
      ['projections', other, 'delay'],
      `'${other}' delays spikes of '${input}', which has delays itself`,
      `add the delay to populations.${input}.delays, or leave these out`,
    );
  return entries;
}

const most = programLimits.delay;

/** Refuses delays that a chip has no room for. */
export function checkDelays(
  program: Program,
  { name: model, chip }: HwModel,
  delays: Delays,
  entries: readonly number[],
): void {
  const room = chip?.limits?.delay;
  const latest = entries.at(-1) ?? 0;
  const { input = '' } = program.spec;
  if (room !== undefined && latest > room)
    refuse(
      program,
      ['populations', input, 'delays'],
      `'${input}' has a delay of ${latest} steps, beyond the ring of '${model}', where a spike waits ${room} at most`,
      'shorten it',
    );
  for (const [name, { longest }] of delays)
    if (room !== undefined && longest > room)
      refuse(
        program,
        ['projections', name, 'delay'],
        `'${name}' has a delay of ${longest} steps, beyond the ring of '${model}', where a spike waits ${room} at most`,
        `shorten it, or let neurons between the two populations pass the spikes on`,
      );
}

function oneDelay(
  program: Program,
  parameters: ResolvedParameters,
  delay: Exclude<DelaySpec, InitialSpec>,
  path: Path,
): number {
  const steps = parameters.constant(delay, program.locate(path));
  if (Number.isInteger(steps) && steps >= 1 && steps <= most) return steps;
  return refuse(
    program,
    path,
    `delay: expected a whole number of steps from 1 to ${most}, found ${steps}`,
    steps === 0 ? "leave out 'delay': a spike then waits no longer than its list does" : undefined,
  );
}

function delaysOfWeights(
  program: Program,
  parameters: ResolvedParameters,
  name: string,
  index: number,
  delay: InitialSpec,
  seed: number,
): Delay {
  const path = ['projections', name, 'delay'];
  const { segments, weightRows, weightRowLength, isSparse } = connectionOf(program, name);
  const count = weightRows * weightRowLength;
  if (count === 0)
    refuse(program, path, `'${name}' has no weights that could have delays of their own`, 'state one delay');
  const whole = (item: number, value: number): number =>
    Number.isInteger(value) && value >= 0 && value <= most
      ? value
      : refuse(
          program,
          path,
          `delay of synapse ${placeOf(item)}: expected a whole number of steps from 0 to ${most}, found ${value}`,
        );
  const array = program.arrays.get(`${name}.delay`);
  const valueAt = array === undefined ? drawn() : scaled(array.values);
  const ofWeights = Uint8Array.from({ length: count }, (_, item) => whole(item, valueAt(item)));
  const longest = ofWeights.reduce((most, steps) => Math.max(most, steps), 0);
  return { longest, ofWeights, parts: byDelay(segments, ofWeights) };

  function placeOf(item: number): string {
    return isSparse ? `${item}` : `[${Math.floor(item / weightRowLength)}, ${item % weightRowLength}]`;
  }

  function scaled(values: ArrayLike<number>): (item: number) => number {
    const scale =
      delay.scale === undefined ? 1 : parameters.constant(delay.scale, program.locate([...path, 'scale']));
    return (item) => (values[item] ?? Number.NaN) * scale;
  }

  function drawn(): (item: number) => number {
    const { uniform } = delay;
    if (!Array.isArray(uniform))
      return refuse(program, path, 'delays are drawn from a least to a greatest one', 'uniform: [0, 7]');
    const [low = 0, high = 0] = uniform.map((formula, at) => {
      const place = [...path, 'uniform', at];
      const value = parameters.constant(formula, program.locate(place));
      if (Number.isInteger(value) && value >= 0 && value <= most) return value;
      return refuse(
        program,
        place,
        `delay: expected a whole number of steps from 0 to ${most}, found ${value}`,
      );
    });
    if (low > high)
      refuse(program, [...path, 'uniform'], `the least delay, ${low}, is above the greatest, ${high}`);
    return drawsBetween(low, high, seed, streams.delay, index);
  }
}

/** The longest delay of a population's spikes, by population; those without any are left out. */
export function longestDelays({ spec }: Program, delays: Delays): ReadonlyMap<string, number> {
  const longest = new Map<string, number>();
  for (const [name, delay] of delays) {
    const { from = '' } = spec.projections[name] ?? {};
    if (delay.longest > 0) longest.set(from, Math.max(longest.get(from) ?? 0, delay.longest));
  }
  return longest;
}

/** The synapses of a projection that have one delay. */
export interface DelayPart {
  readonly projection: string;
  readonly delay: number;
}

/** For projections whose synapses have delays of their own, a part for each delay that occurs, ascending. */
export function delayParts(delays: Delays): DelayPart[] {
  return [...delays].flatMap(([projection, { parts }]) =>
    [...parts.keys()].map((delay) => ({ projection, delay })),
  );
}

/** The name of a part among projections. */
export const partName = ({ projection, delay }: DelayPart): string => `${projection} after ${delay}`;

/** The synapses of a projection that have one delay, as a projection that shares its weights. */
export function delayPartOf(projections: readonly Projection[], part: DelayPart, delays: Delays): Projection {
  const index = projections.findIndex(({ name }) => name === part.projection);
  const { index: _, ...whole } = at(projections, index);
  const segments = delays.get(part.projection)?.parts.get(part.delay);
  if (segments === undefined) throw new Error(`no part ${partName(part)}`);
  return { ...whole, name: partName(part), segments, partOf: index };
}

/** The runs of synapses with each delay. */
function byDelay(segments: Segments, delays: Uint8Array): ReadonlyMap<number, Segments> {
  const kept = new Map(
    [...new Set(delays)].sort((a, b) => a - b).map((delay) => [delay, new SegmentList()] as const),
  );
  for (let row = 0; row < rowsOf(segments); row++) {
    visitRow(segments, row, (post, count, weight) => {
      const end = weight + count;
      for (let from = weight; from < end; ) {
        let to = from + 1;
        while (to < end && delays[to] === delays[from]) to += 1;
        kept.get(at(delays, from))?.add(post + from - weight, to - from, from);
        from = to;
      }
    });
    for (const own of kept.values()) own.endRow();
  }
  return new Map([...kept].map(([delay, own]) => [delay, own.segments]));
}
