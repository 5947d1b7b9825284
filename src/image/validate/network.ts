import type { ProgramView, Projection } from '../image.ts';
import { indexKeys } from '../segment-index.ts';
import { expect, itemAt } from './fault.ts';

/** Checks populations, projections with their segments, generators, the schedule and scalars. */
export function checkNetwork(image: ProgramView): void {
  const { populations, projections, generators, epochs, parameters, fields, core } = image;
  checkNames([...populations, ...projections], 'populations');
  for (const [index, projection] of projections.entries()) {
    checkProjection(image, projection, index);
    checkPart(image, projection, index);
  }
  if (image.input >= 0) itemAt(populations, image.input, ['input'], 'population');
  const { steps, settle = 0, inputChannels = 1 } = image;
  expect(settle < steps, ['settle'], () => `${settle} of ${steps} steps`);
  expect(
    (populations[image.input]?.size ?? 0) % inputChannels === 0,
    ['inputChannels'],
    () => `${inputChannels} do not divide the input`,
  );
  for (const [index, { payload, size, first = 0 }] of populations.entries()) {
    if (payload === undefined) continue;
    const path = ['populations', index, 'payload'];
    const { bits, shift } = payload;
    expect(2 ** shift >= first + size, [...path, 'shift'], () => `${shift} bits name no ${size} neurons`);
    expect(bits + shift <= 24, [...path, 'bits'], () => `an address has 24 bits, found ${bits + shift}`);
  }
  for (const [index, { size, inputs }] of populations.entries()) {
    if (inputs === undefined) continue;
    const path = ['populations', index, 'inputs'];
    // A core of several is told of them by an event.
    const isTold = image.input < 0 && image.events.delayed.some(({ population }) => population === index);
    expect(index === image.input || isTold, path, () => 'only the input receives spikes');
    expect(size % inputs === 0, path, () => `${inputs} do not divide ${size} neurons`);
  }
  if (image.replay !== undefined) {
    const { name, layout, view } = itemAt(fields, image.replay, ['replay'], 'field');
    expect(layout !== undefined && view === undefined, ['replay'], () => `'${name}' is not stored by itself`);
    expect(core.controller === undefined, ['replay'], () => 'a controller presents samples');
  }
  if (image.regression !== undefined) {
    const { count } = itemAt(fields, image.readout, ['readout'], 'field');
    expect(count === 1, ['regression'], () => `one item answers with a number, found ${count}`);
    const most = core.datapathBits - 1;
    const { bits } = image.regression;
    expect(bits <= most, ['regression', 'bits'], () => `expected at most ${most}, found ${bits}`);
  }
  if (image.readout >= 0) {
    const { name, positions } = itemAt(fields, image.readout, ['readout'], 'field');
    expect(positions === undefined, ['readout'], () => `'${name}' has positions`);
    const isNeurons = populations.some((population) => name.startsWith(`${population.name}.`));
    expect(isNeurons, ['readout'], () => `'${name}' is not a field of a population`);
  }
  for (const [index, { near, far, bitsPerAdvance, wordBits, lanes, words }] of generators.entries()) {
    const path = ['generators', index];
    expect(near < far, [...path, 'near'], () => `expected less than ${far}, found ${near}`);
    const most = Math.floor(bitsPerAdvance / wordBits);
    expect(
      words >= 1 && words === most,
      [...path, 'words'],
      () => `an advance has ${most} words, found ${words}`,
    );
    expect(core.lanes % lanes === 0, [...path, 'lanes'], () => `expected a divisor of ${core.lanes}`);
  }
  const isAscending = epochs.every((epoch, index) =>
    index === 0 ? epoch === 0 : epoch > (epochs[index - 1] ?? 0),
  );
  expect(isAscending, ['epochs'], () => 'expected ascending epochs, the first 0');
  for (const [index, { values }] of parameters.entries())
    expect(
      values.length === epochs.length,
      ['parameters', index, 'values'],
      () => `expected ${epochs.length} values`,
    );
  checkScalars(image);
}

function checkScalars({ eventScalars, populations }: ProgramView): void {
  const largest = Math.max(...populations.map(({ size }) => size));
  for (const [index, { name, low, high }] of eventScalars.entries()) {
    expect(low <= high, ['eventScalars', index, 'low'], () => `expected at most ${high}, found ${low}`);
    if (index >= 2) continue;
    const expected = ['neuron', 'post'][index];
    const isNeuron = name === expected && low === 0 && high === largest - 1;
    expect(isNeuron, ['eventScalars', index], () => `expected ${expected}, 0 to ${largest - 1}`);
  }
  expect(eventScalars.length >= 2, ['eventScalars'], () => 'expected neuron and post');
}

function checkNames(owners: readonly { readonly name: string }[], path: string): void {
  const names = new Set(owners.map(({ name }) => name));
  expect(names.size === owners.length, [path], () => 'two populations or projections have one name');
}

function checkProjection(image: ProgramView, projection: Projection, index: number): void {
  const { populations } = image;
  const path = ['projections', index];
  const source = itemAt(populations, projection.source, [...path, 'source'], 'population');
  const target = itemAt(populations, projection.target, [...path, 'target'], 'population');
  const { weightRows, weightRowLength, segments } = projection;
  const weights = weightRows * weightRowLength;
  expect(weights < 2 ** 31, [...path, 'weightRows'], () => `${weights} weights are too many`);
  const { rowStart, firstWeight, firstPost, length } = segments;
  const at = [...path, 'segments'];
  const isWhole = firstWeight.length === length.length && firstPost.length === length.length;
  expect(isWhole, [...at, 'length'], () => 'segments of different numbers');
  expect(rowStart.length === source.size + 1, [...at, 'rowStart'], () => `expected ${source.size + 1} rows`);
  for (const [row, start] of rowStart.entries()) {
    const least = row === 0 ? 0 : (rowStart[row - 1] ?? 0);
    const isNext = row === 0 ? start === 0 : start >= least;
    expect(isNext && start <= length.length, [...at, 'rowStart', row], () => `${start} is out of order`);
  }
  expect(
    rowStart[source.size] === length.length,
    [...at, 'rowStart'],
    () => 'segments that belong to no row',
  );
  for (const [segment, count] of length.entries()) {
    const post = (firstPost[segment] ?? 0) + count;
    expect(
      post <= target.size,
      [...at, 'firstPost', segment],
      () => `ends at neuron ${post} of ${target.size}`,
    );
    const first = firstWeight[segment] ?? 0;
    const place = [...at, 'firstWeight', segment];
    if (weights === 0) {
      expect(first === 0, place, () => `expected 0, since there are no weights, found ${first}`);
      continue;
    }
    const end = first + count;
    expect(end <= weights, place, () => `ends at weight ${end} of ${weights}`);
    const isInRow = (first % weightRowLength) + count <= weightRowLength;
    expect(isInRow, place, () => `weights ${first} to ${end - 1} lie in two rows of ${weightRowLength}`);
  }
  checkIndex(image, projection, path);
}

/**
 * The index of a sparse projection has an item for each segment, and its weights stand one after the other; those of a
 * part stand among the weights of the whole, in the same order.
 */
function checkIndex(
  image: ProgramView,
  { index, segments, weightRows, partOf }: Projection,
  path: readonly PropertyKey[],
) {
  if (index === undefined) return;
  const { firstWeight, length } = segments;
  for (const key of indexKeys) {
    if (index[key] === undefined) continue;
    const at = [...path, 'index', key];
    const field = itemAt(image.fields, index[key], at, 'field');
    const isIndex = field.fixed === true && field.layout !== undefined && field.count === length.length;
    expect(isIndex, at, () => `'${field.name}' is no index of ${length.length} segments`);
  }
  const isAlike = length.every((count) => count === length[0]);
  expect(isAlike || index.count !== undefined, [...path, 'index'], () => 'lengths differ');
  const isPart = index.offset !== undefined;
  expect(isPart === (partOf !== undefined), [...path, 'index', 'offset'], () => 'goes with a part');
  let weight = 0;
  for (const [segment, first] of firstWeight.entries()) {
    const isNext = isPart ? first >= weight : first === weight;
    const least = isPart ? `at least ${weight}` : weight;
    expect(isNext, [...path, 'segments', 'firstWeight', segment], () => `expected ${least}`);
    weight = first + (length[segment] ?? 0);
  }
  expect(weightRows === 1, [...path, 'weightRows'], () => `expected 1, found ${weightRows}`);
}

/** The part of a projection has its populations and its weights. */
function checkPart({ projections }: ProgramView, part: Projection, index: number): void {
  if (part.partOf === undefined) return;
  const path = ['projections', index, 'partOf'];
  const whole = itemAt(projections, part.partOf, path, 'projection');
  const isSame = (['source', 'target', 'weightRows', 'weightRowLength'] as const).every(
    (key) => part[key] === whole[key],
  );
  expect(isSame && whole.partOf === undefined, path, () => `'${whole.name}' is another projection`);
}
