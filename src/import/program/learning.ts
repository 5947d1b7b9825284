import type { ActionSpec, ProgramDescription } from '../../program/index.ts';
import { option, PlasticoreError, suggest } from '../../text/index.ts';
import type { NirStage } from '../map/index.ts';
import type { Activity, IntegerLink, IntegerNetwork } from '../quantise/index.ts';
import type { DescribedProgram } from './describe.ts';

/** Rules by which the last layer goes on learning, and the bundled microcode of their update of weights. */
const updates = { 'three-factor': 'learn', metaplastic: 'learn-metaplastic' } as const;
export type LearningRule = keyof typeof updates;
export const learningRules = Object.keys(updates) as readonly LearningRule[];

/** What of a network goes on learning. */
export interface Learning {
  /** Nodes of layers: neurons, or the weights before them. */
  readonly nodes: readonly string[];
  readonly rule: LearningRule;
}

/** The share of an error that one presentation should mend, as `programs/transfer.yaml` does. */
const mended = 0.125;
/** The mean of what a source sends in a step, where no samples tell. */
const usualMean = 0.1;
/** What the fields of errors and of tallies hold. */
const mostError = 2 ** 7 - 1;
const mostTrace = 2 ** 8 - 1;
/** The width of shadow weights for which rates are stated. */
const shadowBits = 16;

/**
 * The program with layers that go on learning: those named; all others are frozen. At the end of a sample, each
 * answering neuron compares its spikes with those that it should have made, and each weight changes by that error times
 * the spikes that its source has sent.
 *
 * @throws PlasticoreError `usage` for layers that do not answer, and for sources that send something else than spikes
 */
export function withLearning(
  described: DescribedProgram,
  integers: IntegerNetwork,
  readout: NirStage,
  { nodes, rule }: Learning,
  activity: Activity | undefined,
): DescribedProgram {
  const learning = linksOf(nodes, integers, readout);
  const { description } = described;
  const { steps = 1 } = description;
  const counted = integers.stages.some(({ stage, scale }) => stage === readout && scale.given.is === 'count');
  const target = counted ? 2 * steps : Math.max(1, Math.round(0.8 * steps));
  const { rate, ...gains } = ratesOf(learning, activity, integers, steps, target);
  const tallies = new Map(
    learning.map(({ link }) => [link.from.name, tallyOf(link.from, integers)] as const),
  );
  const names = learning.map(({ link }) => link.name);
  const ruled = { rate: 'rate + 16 - shadowBits' };
  return {
    ...described,
    description: {
      ...description,
      parameters: {
        target,
        ...gains,
        rate: { value: rate, add: { 1: 1, 2: 1 } },
      },
      populations: fieldsFor(description.populations, readout.name, [...tallies.keys()]),
      projections: projectionsFor(description.projections, names, integers.widths.weightBits),
      microcode: {
        ...description.microcode,
        update: updates[rule],
        learning: { text: [...new Set(tallies.values()), errorText].join('\n') },
      },
      events: {
        ...description.events,
        sample: [
          ...(description.events.sample ?? []),
          { clear: [...tallies.keys()].map((name) => `${name}.trace`), when: 'learning' },
        ],
        tick: [
          ...(description.events.tick ?? []),
          {
            when: 'learning',
            last: 1,
            do: [
              { run: 'error', over: readout.name },
              ...names.map((name): ActionSpec => ({ run: 'learn', over: name, with: ruled })),
            ],
          },
        ],
        ...talliedLists(description.events, tallies),
      },
    },
  };
}

/** The links that learn. */
function linksOf(
  nodes: readonly string[],
  { links, stages }: IntegerNetwork,
  readout: NirStage,
): readonly IntegerLink[] {
  const known = [...new Set(links.flatMap(({ link }) => [...link.nodes, link.to.node]))];
  const found = nodes.flatMap((name) => {
    const own = links.filter(({ link }) => link.to.node === name || link.nodes.includes(name));
    if (own.length === 0)
      throw new PlasticoreError('usage', `${option('learn')}: no layer of weights has a node '${name}'`, {
        hint: suggest(name, known),
      });
    const other = own.find(({ link }) => link.to !== readout);
    if (other !== undefined)
      throw new PlasticoreError(
        'usage',
        `${option('learn')}: '${name}' leads to '${other.link.to.node}', which does not answer: its error is not known`,
        { hint: `the layer that answers is '${readout.node}'` },
      );
    return own;
  });
  const answering = stages.find(({ stage }) => stage === readout);
  if (answering?.threshold === undefined)
    throw new PlasticoreError(
      'usage',
      `${option('learn')}: '${readout.node}' answers by its potential; a rule needs neurons that spike`,
    );
  return [...new Set(found)];
}

/** The kernel that tallies what a source sends. */
function tallyOf(from: NirStage, { network, stages, inputGives }: IntegerNetwork): string {
  const given = from === network.input ? inputGives : stages.find(({ stage }) => stage === from)?.scale.given;
  if (given === undefined || given.is === 'value')
    throw new PlasticoreError(
      'usage',
      `${option('learn')}: '${from.node}' sends values; a rule needs a source that spikes`,
    );
  return given.is === 'count' ? tallyText('tallyCounts', 'ev.value') : tallyText('tally', undefined);
}

function tallyText(name: string, value: string | undefined): string {
  return `; What a neuron has sent in a sample.
kernel ${name} over neuron
  ld       r0, self.trace
  ${value === undefined ? 'ldi      r1, 1' : `ld       r1, ${value}`}
  shl      r1, r1, #traceGain
  add      r0, r0, r1
  min      r0, r0, ${mostTrace}
  st       r0, self.trace
end
`;
}

const errorText = `; The error of each output: the spikes that it should have made, less those that it made.
kernel error over neurons
  ld       r0, self.index
  ld       r1, host.label
  cmp.eq   r0, r0, r1
  sel      r0, r0, #target, 0
  ld       r1, self.score
  sub      r0, r0, r1
  shl      r0, r0, #errorGain
  st       r0, self.signal
end
`;

/** Parameters of a rule: shifts to the left of what is tallied and of errors, and one to the right of the update. */
interface Rates {
  readonly traceGain: number;
  readonly errorGain: number;
  readonly rate: number;
}

/**
 * The rate at which a presentation mends the share of its error that it should: the change of a weight by one unit of
 * error and the spikes of its source, times those spikes, over all sources, in thresholds. Where a rate without a shift
 * is too slow, errors and tallies are larger, as far as their fields hold them.
 */
function ratesOf(
  learning: readonly IntegerLink[],
  activity: Activity | undefined,
  { stages, widths }: IntegerNetwork,
  steps: number,
  target: number,
): Rates {
  let most = 0;
  for (const { link, weights } of learning) {
    const means = activity?.get(link.from.name)?.mean ?? new Float64Array(link.from.size).fill(usualMean);
    const squares = means.reduce((sum, mean) => sum + (mean * steps) ** 2, 0);
    const thresholds = stages.find(({ stage }) => stage === link.to)?.stage.model?.firing?.threshold;
    if (thresholds === undefined) throw new Error(`${link.to.name} does not spike`);
    const threshold = thresholds.reduce((sum, value) => sum + Math.abs(value), 0) / thresholds.length;
    most = Math.max(most, squares / (threshold * 2 ** weights.scale));
  }
  const exact = Math.round(Math.log2(most / (2 ** (shadowBits - widths.weightBits) * mended)));
  const room = (largest: number, value: number) => Math.max(0, Math.floor(Math.log2(largest / value)));
  const errorGain = Math.min(Math.max(0, -exact), room(mostError, target));
  const traceGain = Math.min(Math.max(0, -exact - errorGain), room(mostTrace, steps));
  return { traceGain, errorGain, rate: Math.max(0, exact) };
}

function fieldsFor(
  populations: ProgramDescription['populations'],
  readout: string,
  sources: readonly string[],
): ProgramDescription['populations'] {
  return Object.fromEntries(
    Object.entries(populations).map(([name, population]) => [
      name,
      {
        ...population,
        ...((name === readout || sources.includes(name)) && {
          fields: {
            ...population.fields,
            ...(sources.includes(name) && { trace: { bits: 8, signed: false } }),
            ...(name === readout && { signal: { bits: 8, overflow: 'saturate-symmetric' as const } }),
          },
        }),
      },
    ]),
  );
}

function projectionsFor(
  projections: ProgramDescription['projections'],
  learning: readonly string[],
  weightBits: number,
): ProgramDescription['projections'] {
  return Object.fromEntries(
    Object.entries(projections ?? {}).map(([name, projection]) => [
      name,
      learning.includes(name)
        ? {
            ...projection,
            initialWeights: { ...projection.initialWeights, scale: `2 ** (shadowBits - ${weightBits})` },
          }
        : { ...projection, frozen: true },
    ]),
  );
}

/** The lists of spikes with tallies, each source once. */
function talliedLists(
  { spike = {}, previousSpike = {} }: ProgramDescription['events'],
  tallies: ReadonlyMap<string, string>,
): Pick<ProgramDescription['events'], 'spike' | 'previousSpike'> {
  const lists = { spike: { ...spike }, previousSpike: { ...previousSpike } };
  for (const [name, text] of tallies) {
    const run = text.includes('tallyCounts') ? 'tallyCounts' : 'tally';
    const tally: ActionSpec = { run, over: name, when: 'learning' };
    const list = spike[name] === undefined ? lists.previousSpike : lists.spike;
    list[name] = [tally, ...(list[name] ?? [])];
  }
  return lists;
}
