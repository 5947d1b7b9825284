import { type CostTable, describeOtherShapes, otherShapeKind } from '../hardware/index.ts';
import { type Counters, leftInFifo, type ProgramView, price } from '../image/index.ts';
import { hasEnergies } from './known.ts';
import { canSpike } from './neurobench.ts';
import type { Outcome } from './outcome.ts';
import type { Remark, Report } from './schema.ts';
import { isAtChance, shareVariance } from './statistics.ts';
import { grouped, percent, time } from './text/format.ts';

/** Cautions about a run's figures: parts of the network that do nothing, and why; figures that do not fit the core. */
export function remarksOf(outcome: Outcome, { encoder }: Pick<Report['provenance'], 'encoder'>): Remark[] {
  return [
    ...priceRemarks(outcome.image, [outcome.trainCounters, outcome.scored.counters]),
    ...leftEvents(outcome),
    ...withoutValues(outcome, encoder),
    ...silent(outcome),
    ...unlearned(outcome),
    ...zeroWeights(outcome),
    ...atChance(outcome),
    ...labelInAnswer(outcome),
    ...(outcome.remark === undefined ? [] : [{ about: 'speed' as const, text: outcome.remark }]),
  ];
}

function remark(about: Remark['about'], text: string): Remark[] {
  return [{ about, text }];
}

/**
 * Energy and area from figures of the hw-model for another shape of the core, the basis of its clock, and energies that
 * nobody knows.
 */
export function priceRemarks(program: ProgramView, phases: readonly Counters[]): Remark[] {
  const { core, costs } = program;
  const shapes = costs.otherShapes ?? [];
  const works = phases.some(({ work }) => work.some(({ runs }) => runs > 0));
  const rests = phases.some(
    (counters) => (price(counters, costs).energyPj.bySourceKind[otherShapeKind] ?? 0) > 0,
  );
  const energies = rests ? shapes.filter(({ isEnergy }) => isEnergy) : [];
  const areas = shapes.filter(({ isEnergy }) => !isEnergy);
  return [
    ...(works && !hasEnergies(costs)
      ? remark('energy', `hw-model '${core.hwModel}' has no energies: they are unknown`)
      : []),
    ...describeOtherShapes(energies).map((text): Remark => ({ about: 'energy', text })),
    ...describeOtherShapes(areas).map((text): Remark => ({ about: 'area', text })),
    ...(costs.clockRemarks ?? []).map((text): Remark => ({ about: 'clock', text })),
    ...tooSlow(costs, phases),
    ...emptyBanks(program),
  ];
}

/** Banks that hold nothing where weights are read from shadow weights: the area has them all the same. */
function emptyBanks({ banks, fields, costs: { area } }: ProgramView): Remark[] {
  const views = fields.flatMap(({ view, layout }) =>
    view === undefined || layout !== undefined ? [] : view,
  );
  return banks.flatMap(({ name, usedWords }): Remark[] => {
    const share = (area.byUnit[`banks.${name}`] ?? 0) / area.totalUm2;
    if (usedWords > 0 || views.length === 0 || !(share > 0)) return [];
    const isSliced = views.some(({ droppedBits }) => droppedBits > 0);
    const user = isSliced
      ? 'inferenceWeights: stored'
      : 'a precision of weights narrower than shadow weights';
    const use = name === 'weight' ? `${user} would use it; ` : '';
    const text = `bank '${name}' holds nothing, and takes ${percent(share)} of a core's area: ${use}banks.${name}: null, with placement elsewhere, drops it`;
    return remark('area', text);
  });
}

/** Steps that take longer than the time until the next one. */
function tooSlow(costs: CostTable, phases: readonly Counters[]): Remark[] {
  const { stepNs = 0 } = costs;
  const meanNs = Math.max(
    ...phases.map((counters) =>
      counters.steps === 0 ? 0 : price(counters, costs).latencyNs / counters.steps,
    ),
  );
  if (stepNs === 0 || meanNs <= stepNs) return [];
  const text = `steps take ${time(meanNs)} on average, longer than their period of ${time(stepNs)}`;
  return remark('clock', text);
}

/** Whether a remark is about a price, so that it changes with the prices and not with what was counted. */
export function isAboutPrice({ about }: Remark): boolean {
  return about === 'energy' || about === 'area' || about === 'clock';
}

/** Events that no `deliver` served before their sample ended. */
function leftEvents({ trainCounters, scored }: Outcome): Remark[] {
  return Object.entries({ training: trainCounters, [scored.on]: scored.counters }).flatMap(
    ([phase, counters]): Remark[] => {
      const left = leftInFifo(counters);
      return left === 0
        ? []
        : remark(
            'events',
            `${grouped(left)} of ${grouped(counters.pushes)} events were still in the FIFO when their ${phase} sample ended, and were never served`,
          );
    },
  );
}

/** Encoders of features whose spikes carry no value. */
const plainEncoders: readonly string[] = ['bernoulli', 'bernoulli255', 'phase'];

/** An input whose spikes may carry values, and that gets spikes without. */
function withoutValues({ image }: Outcome, encoder: string): Remark[] {
  const { name, payload } = image.populations[image.input ?? -1] ?? {};
  if (payload === undefined || !plainEncoders.includes(encoder)) return [];
  const text = `spikes of '${name}' can carry values, and encoder ${encoder} gives them none: graded and constant do`;
  return remark('activity', text);
}

/** Populations that could spike but did not, in training or where samples are scored. */
function silent({ image, trainCounters, scored }: Outcome): Remark[] {
  const { on, samples, counters } = scored;
  return image.populations.flatMap(({ name }, population): Remark[] => {
    if (population === image.input || !canSpike(image, population)) return [];
    const inTraining = trainCounters.samples > 0 && trainCounters.spikes[population] === 0;
    const places = [
      ...(inTraining ? ['in training'] : []),
      ...(samples > 0 && counters.spikes[population] === 0 ? [`on any of the ${samples} ${on} samples`] : []),
    ];
    if (places.length === 0) return [];
    const so = inTraining ? ': the result says nothing about how it learns' : '';
    return remark('activity', `no neuron of population '${name}' spikes ${places.join(' or ')}${so}`);
  });
}

/** Projections with a learning rule that never visited a weight. */
function unlearned({ image, trainCounters }: Outcome): Remark[] {
  if (trainCounters.samples === 0) return [];
  const wholeOf = (projection = -1): number => image.projections[projection]?.partOf ?? projection;
  return image.projections.flatMap(({ name }, projection): Remark[] => {
    const rules = image.kernels.flatMap((kernel, work) =>
      kernel.counts === 'update' && wholeOf(kernel.projection) === projection ? [work] : [],
    );
    const hasLearned = rules.some((work) => (trainCounters.work[work]?.items ?? 0) > 0);
    return rules.length === 0 || hasLearned
      ? []
      : remark('learning', `learning updates no weight of projection '${name}'`);
  });
}

/**
 * Projections whose weights a kernel loads although all of them are zero, possibly because they are too coarse for
 * their shadow weights.
 */
function zeroWeights({ image, activity }: Outcome): Remark[] {
  const isZero = (field: number) => {
    const values = activity.read(field);
    for (let item = 0; item < values.length; item++) if (values[item] !== 0) return false;
    return values.length > 0;
  };
  return image.projections.flatMap(({ name }): Remark[] => {
    const index = image.fields.findIndex((field) => field.name === `${name}.weight`);
    const isLoaded = image.kernels.some(({ code }) =>
      code.some(({ operands }) =>
        operands.some((operand) => operand.is === 'field' && operand.field === index),
      ),
    );
    if (!isLoaded || !isZero(index)) return [];
    return remark('weights', `all weights of '${name}.weight' are zero${causeOf(image, index, isZero)}`);
  });
}

function causeOf({ fields }: ProgramView, weight: number, isZero: (field: number) => boolean): string {
  const { view, bits } = fields[weight] ?? {};
  const shadow = fields[view?.of ?? -1];
  if (view === undefined || shadow === undefined || isZero(view.of)) return '';
  return `: the ${shadow.bits}-bit shadow weights are too small for a weight of ${bits} bits`;
}

function atChance({ scored }: Outcome): Remark[] {
  const { samples, correct, chance, on, isUnlabelled } = scored;
  if (isUnlabelled === true)
    return remark(
      'accuracy',
      `the ${samples} ${on} samples have no labels: there are predictions and scores, but no accuracy`,
    );
  if (samples === 0 || chance === undefined || correct === undefined) return [];
  if (!isAtChance({ accuracy: correct / samples, chance, samples })) return [];
  return remark(
    'accuracy',
    `accuracy of ${percent(correct / samples)} on ${samples} ${on} samples is not above chance: always giving the most frequent answer scores ${percent(chance)}`,
  );
}

/**
 * In the first epoch, samples are as new as those of a test; but they are answered while they are learned. The bundled
 * rules, which learn in every step, are then right up to 14 points more often than in the test (mnist-snn with 100 and
 * with 300 samples); with fewer samples, chance decides.
 */
const mostGap = 0.2;
const fewestSamples = 100;

/** More right answers to new samples in training than in the test: the label is heard in them. */
function labelInAnswer({ history: [first], scored, life }: Outcome): Remark[] {
  const { samples, correct, on, regression, isUnlabelled } = scored;
  if (first === undefined || correct === undefined) return [];
  if (Math.min(first.samples, samples) < fewestSamples) return [];
  // What a life has forgotten since, it has answered well for another reason.
  if (life !== undefined || regression !== undefined || isUnlabelled === true) return [];
  const [learned, tested] = [first.correct / first.samples, correct / samples];
  const error = Math.sqrt(shareVariance(learned, first.samples) + shareVariance(tested, samples));
  if (learned - tested <= Math.max(mostGap, 3 * error)) return [];
  return remark(
    'accuracy',
    `the first epoch answers ${percent(learned)} of samples that it has not seen before, the ${on} only ${percent(tested)}: the label takes part in an answer while its sample is learned, unless ${on} samples are of another kind`,
  );
}
