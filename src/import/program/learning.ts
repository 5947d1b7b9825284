import type { NdArray } from '../../data/index.ts';
import type { ActionSpec, ProgramDescription } from '../../program/index.ts';
import { at, option, PlasticoreError, suggest } from '../../text/index.ts';
import type { Link, NirStage } from '../map/stages.ts';
import type { ActivityByStage } from '../quantise/activity.ts';
import type { IntegerLink, IntegerNetwork } from '../quantise/quantise.ts';
import type { Fields } from './layout.ts';
import { fedBackFrom, mostError, mostTrace, ratesOf } from './learning-rates.ts';

/** Rules by which layers go on learning, and the bundled microcode of their update of weights. */
const updates = { 'three-factor': 'learn', metaplastic: 'learn-metaplastic' } as const;
export type LearningRule = keyof typeof updates;
export const learningRules = Object.keys(updates) as readonly LearningRule[];

/** The part of a network that goes on learning. */
export interface Learning {
  /** Nodes of layers: neurons, or the weights before them. */
  readonly nodes: readonly string[];
  readonly rule: LearningRule;
}

/** What learning adds to a program. */
export interface LearningPlan {
  readonly parameters: NonNullable<ProgramDescription['parameters']>;
  /** Further parts of its microcode. */
  readonly microcode: ProgramDescription['microcode'];
  /** By population, what tallies each spike that it sends. */
  readonly tallies: ReadonlyMap<string, ActionSpec>;
  /** Done at the end of a sample. */
  readonly update: ActionSpec;
  /** The weights of a projection that learns, within the range of their shadows; undefined for frozen ones. */
  weights(link: Link, weights: NdArray): { readonly values: NdArray; readonly scale: string } | undefined;
  /** Fields of a population beside its own. */
  fields(population: string): Fields;
}

/**
 * How layers go on learning: those named; all others are frozen. At the end of a sample, each answering neuron compares
 * its spikes with those that it should have made. A neuron before it that has spiked is to blame for its part in these
 * errors, by the weights between them. Each weight changes by the error of its target times the spikes that its source
 * has sent.
 *
 * @param steps of a sample
 * @throws PlasticoreError `usage` for layers whose error is not known, and for sources that send something else than
 *   spikes
 */
export function learningPlan(
  integers: IntegerNetwork,
  readout: NirStage,
  { nodes, rule }: Learning,
  activity: ActivityByStage | undefined,
  steps: number,
): LearningPlan {
  const { weightBits, accumulatorBits } = integers.widths;
  const learning = linksOf(nodes, integers, readout);
  const fedBack = fedBackFrom(
    learning.map(({ link }) => link.to),
    integers,
    readout,
  );
  const counted = integers.stages.some(({ stage, scale }) => stage === readout && scale.given.is === 'count');
  const target = counted ? 2 * steps : Math.max(1, Math.round(0.8 * steps));
  const { rates, shifts, ...gains } = ratesOf(learning, fedBack, activity, integers, steps, target);
  const sources = [...learning.map(({ link }) => link.from), ...fedBack.map(({ stage }) => stage)];
  const tallied = new Map(sources.map((source) => [source.name, tallyOf(source, integers)] as const));
  const rateName = ({ name }: NirStage) => (name === readout.name ? 'rate' : `${name}Rate`);
  return {
    parameters: {
      target,
      ...gains,
      ...Object.fromEntries(
        [...rates].map(([stage, rate]) => [rateName(stage), { value: rate, add: { 1: 1, 2: 1 } }]),
      ),
    },
    microcode: {
      update: updates[rule],
      ...(fedBack.length > 0 && { feedback: 'feedback' }),
      learning: {
        text: [
          ...new Set([...tallied.values()].map(({ text }) => text)),
          errorText,
          ...(fedBack.length > 0 ? [spikedText, blameText] : []),
        ].join('\n'),
      },
    },
    tallies: new Map(
      [...tallied].map(([name, { kernel }]) => [name, { run: kernel, over: name, when: 'learning' }]),
    ),
    update: {
      when: 'learning',
      last: 1,
      do: [
        { run: 'error', over: readout.name },
        ...fedBack.flatMap(({ stage, through }, place): ActionSpec[] => [
          { run: 'spiked', over: stage.name },
          { run: 'feedback', over: through.link.name },
          { run: 'blame', over: stage.name, with: { signalShift: at(shifts, place) } },
        ]),
        ...learning.map(
          ({ link }): ActionSpec => ({
            run: 'learn',
            over: link.name,
            with: { rate: `${rateName(link.to)} + 16 - shadowBits` },
          }),
        ),
      ],
    },
    weights(link, { data, ...weights }) {
      if (!learning.some((own) => own.link === link)) return undefined;
      // Shadow weights are symmetric: the least weight would be below all of them.
      const least = 1 - 2 ** (weightBits - 1);
      return {
        values: { ...weights, data: data.map((value) => Math.max(least, value)) },
        scale: `2 ** (shadowBits - ${weightBits})`,
      };
    },
    fields(population) {
      const isFedBack = fedBack.some(({ stage }) => stage.name === population);
      return {
        ...(tallied.has(population) && { trace: { bits: 8, signed: false } }),
        ...(isFedBack && { box: { kind: 'flag' }, feedback: { accumulator: accumulatorBits } }),
        ...((isFedBack || population === readout.name) && {
          signal: { bits: 8, overflow: 'saturate-symmetric' },
        }),
      };
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
    const shared = own.find(({ link }) => link.to !== readout && link.map.sliding !== undefined);
    if (shared !== undefined)
      throw new PlasticoreError(
        'usage',
        `${option('learn')}: the weights into '${shared.link.to.node}' are shared, and the rule changes a weight for one synapse`,
        { hint: `layers whose weights are not shared can learn, such as '${readout.node}'` },
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

/** A kernel that tallies what a source sends. */
interface Tally {
  readonly kernel: string;
  readonly text: string;
}

const tallies = {
  spikes: tallyWith('tally', 'ldi      r1, 1'),
  counts: tallyWith('tallyCounts', 'ld       r1, ev.value'),
};

function tallyOf(from: NirStage, { network, stages, inputGives }: IntegerNetwork): Tally {
  const given = from === network.input ? inputGives : stages.find(({ stage }) => stage === from)?.scale.given;
  if (given === undefined || given.is === 'value')
    throw new PlasticoreError(
      'usage',
      `${option('learn')}: '${from.node}' sends values; a rule needs a source that spikes`,
    );
  return given.is === 'count' ? tallies.counts : tallies.spikes;
}

/** @param sent the line that loads into r1 what the neuron has just sent */
function tallyWith(kernel: string, sent: string): Tally {
  const text = `; What a neuron has sent in a sample.
kernel ${kernel} over neuron
  ld       r0, self.trace
  ${sent}
  shl      r1, r1, #traceGain
  add      r0, r0, r1
  min      r0, r0, ${mostTrace}
  st       r0, self.trace
end
`;
  return { kernel, text };
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

const spikedText = `; Whether a neuron has spiked in a sample: only then does a little more input change what it sends.
kernel spiked over neurons
  ld       r0, self.trace
  cmp.gt   r0, r0, 0
  st       r0, self.box
end
`;

const blameText = `; The error of a layer before the last one: what its neurons have to do with the errors that follow.
kernel blame over neurons
  ld       r0, self.feedback
  sra      r0, r0, #signalShift
  clip     r0, r0, ${-mostError}, ${mostError}
  ld       r1, self.box
  sel      r0, r1, r0, 0
  st       r0, self.signal
end
`;
