import { Mesh } from '../../hardware/index.ts';
import { domainNamed } from '../../isa/index.ts';
import { at } from '../../text/index.ts';
import { emittingPopulation, factsOf } from '../accesses.ts';
import { kernelsIn, plainActions } from '../actions.ts';
import type { ProgramView } from '../image.ts';
import type { Action } from '../lists.ts';
import type {
  ChipAction,
  CoreEvent,
  FieldPart,
  PartField,
  PlacedCore,
  ServedList,
  SpreadImage,
} from '../placed.ts';
import { expect, itemAt } from './fault.ts';

type Path = readonly PropertyKey[];

/** Checks how an image's cores hold its program, and the lists that they execute together. Each core is valid alone. */
export function checkSpread(image: SpreadImage): void {
  checkNumbers(image);
  for (const [index, core] of image.cores.entries()) checkPlaced(image, core, ['cores', index]);
  checkPlacement(image);
  checkLists(image);
}

function checkNumbers({ cores, chip, lostPackets }: SpreadImage): void {
  const hasNetwork = chip !== undefined || lostPackets === undefined;
  expect(hasNetwork, ['lostPackets'], () => 'without a chip, there is no network');
  expect(cores.length > 0, ['cores'], () => 'expected at least one');
  const most = chip === undefined ? Number.POSITIVE_INFINITY : new Mesh(chip.mesh).cores;
  for (const [index, { number }] of cores.entries()) {
    const path = ['cores', index, 'number'];
    expect(number < most, path, () => `the chip has ${most} cores, found number ${number}`);
    const isNext = number > (cores[index - 1]?.number ?? -1);
    expect(isNext, path, () => 'expected ascending numbers');
  }
}

function checkPlaced(view: ProgramView, { image, populations, fields, work }: PlacedCore, path: Path): void {
  const lengths = [
    ['populations', populations.length, image.populations.length],
    ['fields', fields.length, image.fields.length],
    ['work', work.length, image.work.length],
  ] as const;
  for (const [key, found, wanted] of lengths)
    expect(found === wanted, [...path, key], () => `expected ${wanted}, found ${found}`);
  expect(image.seed === view.seed, [...path, 'image', 'seed'], () => `expected ${view.seed}`);
  expect(image.steps === view.steps, [...path, 'image', 'steps'], () => `expected ${view.steps}`);
  const faults = ({ faults: own }: ProgramView) => JSON.stringify(own);
  expect(faults(image) === faults(view), [...path, 'image', 'faults'], () => 'expected those of all cores');
  const banks = ({ banks: all }: ProgramView) => all.map(({ name }) => name).join();
  expect(banks(image) === banks(view), [...path, 'image', 'banks'], () => `expected ${banks(view)}`);
  for (const [index, { population, first, isCopy }] of populations.entries()) {
    const at = [...path, 'populations', index];
    const whole = itemAt(view.populations, population, [...at, 'population'], 'population');
    const size = image.populations[index]?.size ?? 0;
    const isWithin = first + size <= whole.size && (!isCopy || first === 0);
    expect(isWithin, [...at, 'first'], () => `'${whole.name}' has ${whole.size} neurons`);
  }
  for (const [index, piece] of work.entries())
    itemAt(view.work, piece, [...path, 'work', index], 'piece of work');
  for (const [index, part] of fields.entries())
    if (part !== undefined) checkField(view, image, index, part, [...path, 'fields', index]);
}

function checkField(view: ProgramView, own: ProgramView, index: number, part: FieldPart, path: Path): void {
  const whole = itemAt(view.fields, part.field, [...path, 'field'], 'field');
  const field = itemAt(own.fields, index, path, 'field');
  const { count } = field;
  for (const key of ['storage', 'bits', 'signed', 'overflow', 'kind'] as const)
    expect(field[key] === whole[key], [...path, 'field'], () => `'${whole.name}' has another ${key}`);
  const { items, rowLength, wholeRowLength, firstColumn } = part;
  if (items !== undefined) {
    expect(items.length === count, [...path, 'items'], () => `expected ${count}, found ${items.length}`);
    const beyond = items.findIndex((item) => item >= whole.count);
    expect(beyond < 0, [...path, 'items', beyond], () => `'${whole.name}' has ${whole.count} items`);
    return;
  }
  const isDivided = rowLength > 0 && count % rowLength === 0 && firstColumn + rowLength <= wholeRowLength;
  expect(isDivided, [...path, 'rowLength'], () => `no rows of ${wholeRowLength} in ${count} items`);
  const rows = count / rowLength;
  expect(
    rows * wholeRowLength <= whole.count,
    [...path, 'wholeRowLength'],
    () => `'${whole.name}' has ${whole.count} items`,
  );
}

/** Every neuron lives on the core that the placement says. */
function checkPlacement({ placement, populations, cores }: SpreadImage): void {
  const names = populations.map(({ name }) => name);
  const unknown = Object.keys(placement).find((name) => !names.includes(name));
  expect(unknown === undefined, ['placement', unknown ?? ''], () => 'there is no such population');
  for (const [population, { name, size }] of populations.entries()) {
    let next = 0;
    for (const [index, { first, size: some, core }] of (placement[name] ?? []).entries()) {
      const path = ['placement', name, index];
      expect(first === next, [...path, 'first'], () => `expected ${next}, found ${first}`);
      next += some;
      const holds = cores.some(
        ({ number, populations: own, image }) =>
          number === core &&
          own.some(
            (part, at) =>
              part.population === population &&
              (part.isCopy || (part.first === first && image.populations[at]?.size === some)),
          ),
      );
      expect(holds, [...path, 'core'], () => `core ${core} does not hold these neurons of '${name}'`);
    }
    expect(next === size, ['placement', name], () => `expected ${size} neurons, found ${next}`);
  }
}

function checkLists(image: SpreadImage): void {
  const { lists, populations, events } = image;
  const path = ['lists'];
  checkActions(image, lists.sample, undefined, [...path, 'sample']);
  checkActions(image, lists.tick, undefined, [...path, 'tick']);
  for (const kind of ['spike', 'previousSpike'] as const) {
    const found = lists[kind].length;
    expect(found === populations.length, [...path, kind], () => `expected one for each population`);
    for (const [index, list] of lists[kind].entries())
      checkServed(image, list, index, [...path, kind, index]);
  }
  const delayed = [...path, 'delayed'];
  expect(lists.delayed.length === events.delayed.length, delayed, () => `expected ${events.delayed.length}`);
  for (const [index, own] of lists.delayed.entries()) {
    const { population, lists: delays } = itemAt(events.delayed, index, delayed, 'list of delays');
    const wanted = delays.length;
    expect(own.length === wanted, [...delayed, index], () => `expected ${wanted} delays`);
    for (const [delay, list] of own.entries())
      checkServed(image, list, population, [...delayed, index, delay]);
  }
}

function checkServed(
  image: SpreadImage,
  { conditions, variants }: ServedList,
  spikeOf: number,
  path: Path,
): void {
  expect(conditions.length <= 16, [...path, 'conditions'], () => `${conditions.length} are too many`);
  const wanted = 2 ** conditions.length;
  expect(variants.length === wanted, [...path, 'variants'], () => `expected ${wanted}`);
  for (const [index, actions] of variants.entries())
    checkActions(image, actions, spikeOf, [...path, 'variants', index]);
}

/** @param spikeOf the population whose spikes trigger the actions; undefined where time does */
function checkActions(
  image: SpreadImage,
  actions: readonly ChipAction[],
  spikeOf: number | undefined,
  path: Path,
): void {
  for (const [index, action] of actions.entries()) checkAction(image, action, spikeOf, [...path, index]);
}

function checkAction(image: SpreadImage, action: ChipAction, spikeOf: number | undefined, path: Path): void {
  const { populations, events } = image;
  switch (action.does) {
    case 'run':
      if (action.emits !== undefined) itemAt(populations, action.emits, [...path, 'emits'], 'population');
      for (const [index, event] of action.on.entries()) {
        const at = [...path, 'on', index];
        checkEvent(image, event, spikeOf, at);
        checkEmission(image, event, action.emits, at);
      }
      return;
    case 'deliver':
      itemAt(populations, action.population, [...path, 'population'], 'population');
      return;
    case 'deliver-delayed':
      itemAt(events.delayed, action.delayed, [...path, 'delayed'], 'list of delays');
      return;
    case 'keep': {
      const { population } = itemAt(events.delayed, action.delayed, [...path, 'delayed'], 'list of delays');
      for (const [index, event] of action.on.entries())
        checkKeeper(image, event, population, [...path, 'on', index]);
      return;
    }
    case 'send':
      checkStored(image, action.field, [...path, 'field']);
      checkParts(image, action.to, 'copy', action.field, [...path, 'to']);
      return;
    case 'empty':
      checkParts(image, action.sums, 'sum', undefined, [...path, 'sums']);
      return;
    case 'sum':
      checkStored(image, action.field, [...path, 'field']);
      checkParts(image, action.sums, 'sum', action.field, [...path, 'sums']);
      return;
    case 'stop-unless-any':
      checkStored(image, action.field, [...path, 'field']);
      for (const [index, event] of action.on.entries())
        checkEvent(image, event, undefined, [...path, 'on', index]);
      return;
    case 'group':
      checkActions(image, action.actions, spikeOf, [...path, 'actions']);
  }
}

/** A field that cores exchange is stored. */
function checkStored({ fields }: SpreadImage, index: number, path: Path): void {
  const { name, layout, view, fixed } = itemAt(fields, index, path, 'field');
  const isStored = layout !== undefined && view === undefined && fixed !== true;
  expect(isStored, path, () => `'${name}' is not stored by itself`);
}

/** Checks copies or partial sums of a field, which have its number of items. */
function checkParts(
  { cores, fields }: SpreadImage,
  parts: readonly PartField[],
  is: 'copy' | 'sum',
  of: number | undefined,
  path: Path,
): void {
  const count = fields[of ?? -1]?.count;
  for (const [index, { core, field }] of parts.entries()) {
    const at = [...path, index];
    const { image, fields: known } = itemAt(cores, core, [...at, 'core'], 'core');
    const own = itemAt(image.fields, field, [...at, 'field'], 'field');
    const part = known[field];
    const isSuch =
      is === 'copy'
        ? part?.field === of && part?.isCopy === true
        : part === undefined && own.fixed !== true && own.bits === 32 && own.signed;
    const isWhole = count === undefined || own.count === count;
    expect(isSuch && isWhole, [...at, 'field'], () => `'${own.name}' is no such ${is}`);
  }
}

/** An event names the neurons that its kernels take, which are those of the spikes that trigger it. */
function checkEvent(
  { cores }: SpreadImage,
  { core, event, first, size }: CoreEvent,
  spikeOf: number | undefined,
  path: Path,
): void {
  const { image, populations } = itemAt(cores, core, [...path, 'core'], 'core');
  const { actions } = itemAt(image.events.named, event, [...path, 'event'], 'named event');
  expect(!keeps(actions), [...path, 'event'], () => 'keeps spikes');
  const named = kernelsIn(actions).flatMap((index) => {
    const { domain, population, projection } = at(image.kernels, index);
    return domainNamed(domain).needsEvent
      ? [population ?? at(image.projections, projection ?? -1).source]
      : [];
  });
  if (named.length === 0) checkAny(first, size, path);
  for (const index of named) {
    const { population, first: from } = at(populations, index);
    const isNamed = population === spikeOf && from === first && at(image.populations, index).size === size;
    expect(isNamed, [...path, 'event'], () => `takes neurons of population ${population}`);
  }
}

/** What an event emits are spikes of one population, which the action states. */
function checkEmission(
  { cores }: SpreadImage,
  { core, event }: CoreEvent,
  emits: number | undefined,
  path: Path,
): void {
  const { image, populations } = at(cores, core);
  for (const index of kernelsIn(at(image.events.named, event).actions)) {
    const kernel = at(image.kernels, index);
    if (!factsOf(kernel).emits) continue;
    const { population } = at(populations, emittingPopulation(image, kernel));
    expect(population === emits, [...path, 'event'], () => `emits spikes of population ${population}`);
  }
}

/** An event in which spikes begin to wait has a ring of their population. */
function checkKeeper(
  { cores }: SpreadImage,
  { core, event, first, size }: CoreEvent,
  population: number,
  path: Path,
): void {
  const { image, populations } = itemAt(cores, core, [...path, 'core'], 'core');
  const { actions } = itemAt(image.events.named, event, [...path, 'event'], 'named event');
  const [only] = actions;
  const ring = only?.does === 'keep' ? image.events.delayed[only.delayed] : undefined;
  const isRing = ring !== undefined && at(populations, ring.population).population === population;
  expect(isRing, [...path, 'event'], () => `keeps no spikes of population ${population}`);
  checkAny(first, size, path);
}

function checkAny(first: number, size: number, path: Path): void {
  expect(first === 0, [...path, 'first'], () => `expected 0, found ${first}`);
  expect(size === Number.POSITIVE_INFINITY, [...path, 'size'], () => 'no kernel takes a neuron');
}

const keeps = (actions: readonly Action[]): boolean =>
  plainActions(actions).some(({ does }) => does === 'keep');
