import { describe, expect, test } from 'vitest';
import { joinDatasets, type LabelledSet, shiftDataset } from '../../../src/data/index.ts';
import { loadEmbedded } from '../../../src/data/node.ts';
import { stateSha256 } from '../../../src/engine/index.ts';
import {
  type Cell,
  type CellChoice,
  loadExperiment,
  parseSettings,
  resolveCell,
  runCell,
  Session,
} from '../../../src/experiment/index.ts';
import { lifeSamples } from '../../../src/experiment/session/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import { loadCore, type Sample, type SimulatedCore, samplesOf } from '../../../src/library/index.ts';
import { permutation } from '../../../src/random/index.ts';
import { at } from '../../../src/text/index.ts';
import { openSession, openWindow, runWindow, traceOf, watchWrites } from '../../../src/trace/index.ts';

const digits = loadEmbedded();
const few = 'program.populations.hidden.size=16';
/** Rates that no schedule of the program changes. */
const plain = ['program.parameters.hiddenRate=8', 'program.parameters.outputRate=9'];

function livingCell(stages: string, choice: CellChoice = {}, ...set: string[]): Cell {
  const settings = parseSettings([`experiment.life=${stages}`, 'experiment.epochs=1', few, ...plain, ...set]);
  const experiment = loadExperiment(findFile('experiment', 'mnist-snn', ''), settings.experiment);
  return resolveCell(experiment, { ...choice, settings }, findFile);
}

const core = (set: Readonly<Record<string, unknown>> = {}): SimulatedCore =>
  loadCore(
    'mnist-snn',
    { set: { 'program.populations.hidden.size': 16, 'program.parameters.hiddenRate': 8, ...set } },
    findFile,
  );

const { train, test: asked } = samplesOf(digits);
const ofClasses = (samples: Iterable<Sample>, ...classes: readonly number[]): Sample[] =>
  [...samples].filter(({ label }) => classes.includes(label));
const rightOf = (network: SimulatedCore, samples: readonly Sample[]): number =>
  samples.filter((sample) => network.answer(sample) === sample.label).length;

const valuesOf = (set: LabelledSet): Uint8Array => {
  if (set.kind !== 'features') throw new Error('digits have features');
  return set.values;
};

test('stages that ask for the same samples share them: a thousand begin at once', () => {
  const stage = '{classes: [0, 1], samplesPerClass: 100}';
  const { image, limit, life } = livingCell(`[${stage}, {classes: [2], samplesPerClass: 100}, ${stage}]`);
  if (life === undefined) throw new Error('no life');
  const { stages } = lifeSamples({ image, limit, life }, digits);
  expect(stages.map(({ samples }) => samples.length)).toEqual([200, 100, 200]);
  expect(stages[2]?.samples).toBe(stages[0]?.samples);
});

describe('a life', () => {
  test('is what the same stages are that are presented by hand', async () => {
    const cell = livingCell(`[
      {classes: [0, 1], samples: {first: 0, last: 299}},
      {classes: [7], samples: {first: 100, last: 499}, passes: 2, order: stored, parameters: {outputRate: 11}, test: none},
      {classes: [3], samples: {first: 0, last: 199}, test: all}]`);
    const { history, tests, scored, machine } = await runCell(cell, digits);

    // The parameter's own schedule gives epochs 1 and 2, the two passes of the second stage, the same rate.
    const network = core({ 'program.parameters.outputRate': { value: 9, add: { 1: 2, 3: -2 } } });
    const first = ofClasses(train.take(300), 0, 1);
    const second = ofClasses(train.take(500).slice(100), 7);
    const third = ofClasses(train.take(200), 3);
    const learn = (samples: readonly Sample[], epoch: number): number => {
      network.epoch = epoch;
      return samples.filter((sample) => network.learn(sample) === sample.label).length;
    };
    const shuffled = (samples: readonly Sample[], epoch: number): Sample[] =>
      Array.from(permutation(samples.length, 1, epoch), (index) => at(samples, index));
    const [ones, sevens, threes] = [[0, 1], [7], [3]].map((classes) => ofClasses(asked, ...classes));
    if (ones === undefined || sevens === undefined || threes === undefined) throw new Error('three tasks');

    const learned = [learn(shuffled(first, 0), 0)];
    const state = network.save();
    const afterFirst = rightOf(network, ones);
    network.restore(state);
    learned.push(learn(second, 1), learn(second, 2), learn(shuffled(third, 3), 3));
    const afterThird = [ones, sevens, threes].map((task) => rightOf(network, task));

    expect(history.map(({ epoch, samples, correct }) => [epoch, samples, correct])).toEqual([
      [0, first.length, learned[0]],
      [1, second.length, learned[1]],
      [2, second.length, learned[2]],
      [3, third.length, learned[3]],
    ]);
    expect(tests).toEqual([
      { stage: 0, correct: afterFirst, byTask: [afterFirst] },
      { stage: 2, correct: afterThird.reduce((sum, right) => sum + right, 0), byTask: afterThird },
    ]);
    expect(scored.correct).toBe(tests?.[1]?.correct);
    expect(scored.predictions).toHaveLength(ones.length + sevens.length + threes.length);
    for (const name of ['inputToHidden.shadow', 'hiddenToOutput.shadow'])
      expect([...machine.read(cell.image.fields.findIndex((field) => field.name === name))]).toEqual([
        ...network.read(name),
      ]);
    // Something was learned, and something was told apart.
    expect(afterFirst).toBeGreaterThan(0.8 * ones.length);
    expect(stateSha256(network.save())).not.toBe(stateSha256(core().save()));
  });

  test('lets only the projections learn that a stage names, as if the rules of the others were not there', async () => {
    const stages =
      '[{samples: {first: 0, last: 59}}, {samples: {first: 60, last: 119}, learn: [hiddenToOutput]}]';
    const cell = livingCell(stages);
    const limited = { ...digits, test: asked.limit(20).data };
    const { machine, history } = await runCell(cell, limited);
    const network = core({ 'program.parameters.outputRate': 9 });
    const order = (epoch: number) =>
      Array.from(permutation(60, 1, epoch), (index) => train.at(60 * epoch + index));
    for (const sample of order(0)) network.learn(sample);
    const hidden = [...network.read('inputToHidden.shadow')];
    // The group of the rule, whose last action, which learns inputToHidden, waits for a step that does not come.
    const rule = [
      { run: 'error', over: 'output' },
      { stopUnlessAny: 'output.signal' },
      { run: 'feedback', over: 'hiddenToOutput' },
      { run: 'signal', over: 'hidden' },
      { run: 'learn', over: 'hiddenToOutput', with: { rate: 'outputRateShift' } },
      { run: 'learn', over: 'inputToHidden', with: { rate: 'hiddenRateShift' }, from: 1000 },
    ];
    const frozen = core({ 'program.parameters.outputRate': 9, 'program.events.tick.6.do': rule });
    frozen.restore(network.save());
    frozen.epoch = 1;
    for (const sample of order(1)) frozen.learn(sample);
    const read = (name: string) => [
      ...machine.read(cell.image.fields.findIndex((field) => field.name === name)),
    ];
    expect(read('inputToHidden.shadow')).toEqual(hidden);
    expect(read('hiddenToOutput.shadow')).toEqual([...frozen.read('hiddenToOutput.shadow')]);
    expect(read('hiddenToOutput.shadow')).not.toEqual([...network.read('hiddenToOutput.shadow')]);
    const work = cell.image.work.indexOf('learn(inputToHidden)');
    expect(history.map(({ counters }) => (counters.work[work]?.tiles ?? 0) > 0)).toEqual([true, false]);
  });

  test('has schedules that begin anew in each stage', () => {
    const rate = 'program.parameters.outputRate={value: 9, add: {1: 2}}';
    const stages = '[{classes: [0], passes: 3}, {classes: [1]}, {classes: [2], parameters: {outputRate: 5}}]';
    const { image } = livingCell(stages, {}, rate);
    const at = (epoch: number): number | undefined => {
      const interval = image.epochs.findLastIndex((first) => first <= epoch);
      return image.parameters.find(({ name }) => name.endsWith('.rate'))?.values[interval];
    };
    expect([0, 1, 2, 3, 4].map(at)).toEqual([9, 11, 11, 9, 5]);
  });

  test('meets the samples of a frozen stage, learns nothing of them, and is tested on their world', async () => {
    const limited = { ...digits, train: train.limit(200).data, test: asked.limit(100).data };
    const turned = shiftDataset(limited, { rotateDegrees: 40, noise: 0 });
    const cell = livingCell(
      '[{}, {shift: {rotateDegrees: 40}, samples: {first: 0, last: 49}, frozen: true, test: all}]',
    );
    expect(cell.life?.sources).toEqual([{}, { shift: { rotateDegrees: 40, noise: 0 } }]);
    const data = joinDatasets([limited, turned]);
    const { history, tests, machine } = await runCell(cell, data);
    const network = core({ 'program.parameters.outputRate': 9 });
    const own = samplesOf(limited);
    for (const sample of own.train.shuffled(1, 0)) network.learn(sample);
    const shadow = cell.image.fields.findIndex(({ name }) => name === 'inputToHidden.shadow');
    expect([...machine.read(shadow)]).toEqual([...network.read('inputToHidden.shadow')]);
    expect(history.map(({ samples }) => samples)).toEqual([200, 50]);
    const updates = cell.image.kernels.flatMap(({ counts }, kernel) => (counts === 'update' ? [kernel] : []));
    for (const kernel of updates) expect(history[1]?.counters.work[kernel]?.runs).toBe(0);
    // Of the upright digits, and of the same turned: these have numbers of their own, and so other spikes.
    expect(tests?.map(({ byTask }) => byTask.length)).toEqual([1, 2]);
    const tilted = {
      ...turned.test,
      count: 200,
      labels: new Uint8Array([...limited.test.labels, ...turned.test.labels]),
    };
    const joined = {
      ...tilted,
      values: Uint8Array.from([...valuesOf(limited.test), ...valuesOf(turned.test)]),
    };
    const both = [...samplesOf({ ...limited, test: joined as typeof limited.test }).test];
    expect(tests?.[1]?.byTask).toEqual([
      rightOf(network, both.slice(0, 100)),
      rightOf(network, both.slice(100)),
    ]);
    expect(tests?.[1]?.byTask[0]).toBeGreaterThan(tests?.[1]?.byTask[1] ?? 100);
  });

  test('that is joint is the run of an epoch over the same samples', async () => {
    const stages = '[{classes: [0, 1, 2, 3, 4]}, {classes: [5, 6, 7, 8, 9]}]';
    const limited = { ...digits, train: train.limit(120).data, test: asked.limit(80).data };
    const joint = await runCell(livingCell(stages, {}, 'experiment.joint=true'), limited);
    const { life: _, ...ordinary } = livingCell(stages);
    const whole = await runCell(ordinary, limited);
    expect(joint.machine.save()).toEqual(whole.machine.save());
    expect(joint.scored).toEqual(whole.scored);
    expect(joint.history).toEqual(whole.history);
    expect(joint.tests).toMatchObject([{ stage: 0, correct: whole.scored.correct }]);
  });

  test('takes some samples of each class, which the seed chooses', () => {
    const cellAt = (seed: number) =>
      livingCell('[{classes: [8, 9], samplesPerClass: 5, order: stored}]', { seed });
    const [one, again, other] = [1, 1, 2].map((seed) => {
      const session = new Session(cellAt(seed), digits);
      return [...session.ahead()].filter(({ learn }) => learn).map(({ sample }) => sample);
    });
    expect(one).toEqual(again);
    expect(one).not.toEqual(other);
    for (const chosen of [one, other]) {
      expect(chosen?.map((sample) => train.at(sample).label).sort()).toEqual([8, 8, 8, 8, 8, 9, 9, 9, 9, 9]);
      expect(chosen).toEqual([...(chosen ?? [])].sort((a, b) => a - b));
    }
  });

  test('takes those of each class that come later in the order of the seed', () => {
    const chosenBy = (...amounts: readonly string[]) => {
      const stages = amounts.map((amount) => `{classes: [8, 9], samplesPerClass: ${amount}}`);
      const session = new Session(livingCell(`[${stages}]`, { seed: 3 }), digits);
      return session.stages.filter(({ learns }) => learns).map(({ samples = [] }) => [...samples]);
    };
    const [one = [], four = [], five = []] = chosenBy('1', '{first: 1, last: 4}', '{last: 4}');
    expect([...one, ...four].sort((a, b) => a - b)).toEqual(five);
    expect(new Set(five).size).toBe(10);
    expect(one.map((sample) => train.at(sample).label).sort()).toEqual([8, 9]);
    expect(four.map((sample) => train.at(sample).label).sort()).toEqual([8, 8, 8, 8, 9, 9, 9, 9]);
    expect(chosenBy('5')).toEqual([five]);
  });

  test('takes at most so many samples of each stage and task as the limit says, classes in proportion', () => {
    const cell = livingCell('[{classes: [0, 1]}, {classes: [4]}]', { limit: 6 });
    const session = new Session(cell, digits);
    const labels = session.stages.map(({ from, samples = [] }) =>
      Array.from(samples, (sample) => digits[from].labels[sample]).sort(),
    );
    // 801 and 902 digits of the classes 0 and 1, 200 and 225 to be tested: 2.8 and 3.2 of 6.
    const ones = [0, 0, 0, 1, 1, 1];
    const fours = [4, 4, 4, 4, 4, 4];
    expect(labels).toEqual([ones, ones, fours, [...ones, ...fours]]);
  });
});

const stages =
  '[{classes: [0, 1]}, {classes: [2, 3], passes: 2}, {classes: [4, 5], frozen: true}, {classes: [6, 7]}]';
const small = () => livingCell(stages, { limit: 3 });

test('goes on from any moment of a life, on either engine', () => {
  const whole = new Session(small(), digits);
  while (whole.next() !== undefined);
  let session = new Session(small(), digits);
  const ahead = [...session.ahead()];
  for (let turn = 0; session.upcoming() !== undefined; turn++) {
    for (let steps = 0; steps <= 6 + (turn % 5) && session.upcoming() !== undefined; steps++) session.step();
    const next = new Session(small(), digits, { engine: turn % 2 === 0 ? 'reference' : 'fast' });
    next.resume(session.moment());
    expect([...next.ahead()]).toEqual(ahead.slice(session.samplesDone));
    session = next;
  }
  expect(session.samplesDone).toBe(whole.samplesInAll);
});

test('a window in a later stage of a life is what the same steps of all of it are', async () => {
  const cell = small();
  const { steps } = cell.image;
  // From the fourth step of the second pass of the second stage on, into the frozen stage.
  const window = { first: 6 * steps + 3, last: 9 * steps + 1 };
  const opening = await openWindow(cell, digits, window);
  expect([opening.samplesDone, opening.upcoming()?.stepsDone, opening.stage.epoch]).toEqual([6, 3, 2]);
  const session = openSession(cell, digits, { engine: 'reference' });
  session.resume(opening.moment());
  const own = await runWindow(session, window);
  const all = openSession(cell, digits, { engine: 'reference' });
  await runWindow(all, { first: 0, last: window.last });
  expect(session.machine.save()).toEqual(all.machine.save());
  expect(session.stage).toMatchObject({ part: 'train', learns: false, epoch: 3 });
  expect(own.steps).toBe(window.last - window.first + 1);
});

test('a golden trace of a life has its samples in their order, each in its epoch', () => {
  const cell = small();
  const trace = traceOf(cell, digits, { image: 'life.pcore' });
  const learned = trace.samples.slice(0, 15);
  expect(learned.map(({ epoch, learn }) => [epoch, learn])).toEqual(
    [0, 1, 2, 3, 4].flatMap((epoch) => new Array<[number, boolean]>(3).fill([epoch, epoch !== 3])),
  );
  const classesOf = (first: number) => new Set(learned.slice(first, first + 3).map(({ host }) => host.label));
  for (const [pass, classes] of [
    [0, 1],
    [2, 3],
    [2, 3],
    [4, 5],
    [6, 7],
  ].entries())
    for (const label of classesOf(3 * pass)) expect(classes).toContain(label);
  // Then the four tasks of the last test.
  expect(trace.samples.slice(15).map(({ learn }) => learn)).toEqual(new Array<boolean>(12).fill(false));
});

test('watching a life sees what its stages write', () => {
  const cell = small();
  const learn = watchWrites(cell, digits).find(({ kernel }) => kernel === 'learn(inputToHidden)');
  const session = openSession(cell, digits);
  while (session.stage.part === 'train' && session.next() !== undefined);
  const work = cell.image.work.indexOf('learn(inputToHidden)');
  const counted = session.history.reduce((sum, { counters }) => sum + (counters.work[work]?.runs ?? 0), 0);
  expect(learn?.runs).toBe(counted);
  expect(counted).toBeGreaterThan(0);
});
