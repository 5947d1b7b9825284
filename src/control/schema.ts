import * as z from 'zod';
import {
  choice,
  type Formula,
  key,
  plainName,
  recordOf,
  strictObject,
  text,
  truth,
  type ValueOf,
  whole,
} from '../text/index.ts';

/** A visit: what a controller does at one place of its list. See {@link visit}. */
export interface Visit {
  readonly each?: Readonly<Record<string, Formula>> | undefined;
  readonly together?: boolean | undefined;
  readonly while?: Formula | undefined;
  readonly core?: Formula | undefined;
  readonly when?: Formula | undefined;
  readonly let?: Readonly<Record<string, Formula>> | undefined;
  readonly run?: string | undefined;
  readonly with?: Readonly<Record<string, Formula>> | undefined;
  readonly items?: Formula | undefined;
  readonly push?: string | undefined;
  readonly entry?: Readonly<Record<string, Formula>> | undefined;
  readonly pop?: string | undefined;
  readonly clear?: string | undefined;
  readonly set?: Readonly<Record<string, Formula>> | undefined;
  readonly until?: Formula | undefined;
  readonly record?: Readonly<Record<string, readonly Formula[]>> | undefined;
  readonly call?: string | undefined;
  readonly stop?: string | undefined;
  readonly cycles?: Formula | undefined;
  readonly spikes?: readonly Visit[] | undefined;
  readonly do?: readonly Visit[] | undefined;
  readonly else?: readonly Visit[] | undefined;
  readonly full?: readonly Visit[] | undefined;
}

/** The actions of a visit; one of them at most. */
const actions = ['let', 'run', 'push', 'pop', 'clear', 'set', 'until', 'record', 'call', 'stop'] as const;

const formula = z.union([z.number(), z.string()], { error: 'expected a number or a formula' });
const formulas = recordOf(text('a name'), formula);
const visits = (meaning: string, ...examples: readonly unknown[]) =>
  key(z.array(z.lazy(() => visit)), meaning, ...examples).optional();

const visit: z.ZodType<Visit, Visit> = z.lazy(() =>
  strictObject({
    each: key(
      formulas.refine((value) => Object.keys(value).length === 1, {
        error: 'expected one name, and what it goes through',
      }),
      'A name, and its range: the numbers below a formula, or the entries of a queue or a table, from the first on. The visit is made for each.',
      { n: 256 },
      { e: 'delayed[step % 64]' },
    ).optional(),
    together: key(
      truth,
      'With `each`: all begin at the same cycle, and the longest decides when the visit ends.',
    ).optional(),
    while: key(
      formula,
      'The visit is made again and again while this is not 0.',
      'scheduler.length > 0',
    ).optional(),
    core: key(
      formula,
      'The core in which the visit takes place. If absent, the one of the list that it is in.',
      'e.core',
    ).optional(),
    when: key(
      formula,
      'The visit is made if this is not 0; else the list `else` is.',
      'neurons.spiked[n]',
    ).optional(),
    let: key(formulas, 'Names for numbers, in the rest of the list.', { start: 'clock + 1' }).optional(),
    run: key(
      text('the name of an event'),
      "Triggers an event of the program's `events.on`.",
      'deliver',
    ).optional(),
    with: key(formulas, 'With `run`: scalars of the event by name. One that is not named keeps its value.', {
      neuron: 'e.target',
    }).optional(),
    items: key(
      formula,
      'With `run`: how many items the event visits, in ascending order; each takes `cycles`. If absent, 1.',
      256,
    ).optional(),
    push: key(
      text('a queue'),
      'Appends an entry to a queue, or to one of its slots.',
      'delayed[(step + delay) % 64]',
    ).optional(),
    entry: key(formulas, 'With `push`: the fields of the entry. One that is not named is 0.', {
      target: 'e.target',
    }).optional(),
    pop: key(text('a queue'), 'Removes the head of a queue.', 'scheduler').optional(),
    clear: key(
      text('a queue'),
      'Removes all entries of a queue, or of one of its slots.',
      'delayed[step % 64]',
    ).optional(),
    set: key(
      formulas,
      'Registers, and fields of tables (`pool[i].delay`), with their new values. All values are computed first.',
      { step: 'step + 1' },
    ).optional(),
    until: key(
      formula,
      'Lets cycles pass until the clock has this value, if it is ahead.',
      'free',
    ).optional(),
    record: key(
      recordOf(text('a name'), z.array(formula)),
      'Appends to a record: a value for each of its columns. They are computed only where somebody listens.',
      { spikes: ['clock - 1', 'spike'] },
    ).optional(),
    call: key(text('a routine'), 'Makes the visits of a routine, as if they stood here.', 'serve').optional(),
    stop: key(text('a reason'), 'Ends the run with an error.', 'more spikes than the FIFO holds').optional(),
    cycles: key(
      formula,
      'Cycles that pass after the action of the visit, before `spikes` and `do`. With `run`, `took` is what the core takes for the event.',
      '6 + 2 * pool.executed[i]',
      'took',
    ).optional(),
    spikes: visits(
      'With `run`: made for each spike of the event, after the `cycles` of the item that spiked and before those of the next one. `spike` is its neuron, `value` what it carries, and 0 where the population has no `payload`.',
      [{ push: 'scheduler', entry: { neuron: 'spike' } }],
    ),
    do: visits('Made afterwards.', [{ run: 'deliver', cycles: 6 }]),
    else: visits('With `when`: made in place of the visit.', [{ clear: 'spikes' }]),
    full: visits(
      'With `push`: made where there is no room. If absent, the entry is lost, and counted as dropped.',
      [{ run: 'deliver', with: { neuron: 'spike' } }],
    ),
  }).superRefine((spec, context) => {
    const refuse = (message: string, ...path: string[]) =>
      context.addIssue({ code: 'custom', path, message });
    const given = actions.filter((action) => spec[action] !== undefined);
    if (given.length > 1) refuse(`expected one of ${actions.join(', ')}, found ${given.join(' and ')}`);
    for (const [name, other] of belongings)
      if (spec[name] !== undefined && spec[other] === undefined)
        refuse(`'${name}' belongs to '${other}'`, name);
    if (spec.let !== undefined && Object.keys(spec).length > 1) refuse("'let' stands alone");
    if (spec.each !== undefined && spec.while !== undefined) refuse("'each' and 'while' exclude each other");
  }),
);

const belongings = [
  ['together', 'each'],
  ['with', 'run'],
  ['items', 'run'],
  ['spikes', 'run'],
  ['entry', 'push'],
  ['full', 'push'],
  ['else', 'when'],
] as const;

/** Bits of the numbers that a controller holds: whole numbers of a double. */
const mostBits = 48;
const bits = whole('a number of bits', 1, mostBits);
const stored = {
  bits: key(bits, 'Its width; a number that is set wraps.', 16),
  signed: key(truth, 'Whether it is in two’s complement.').optional(),
};
const entryField = z.union([bits, strictObject(stored)], {
  error: 'expected a number of bits, or {bits, signed}',
});
const entry = key(recordOf(text('a name'), entryField), 'The fields of an entry, each with its bits.', {
  neuron: 8,
  current: { bits: 16, signed: true },
});
const shared = key(
  truth,
  'Whether the cores of the chip have it in common. If absent, each has its own.',
).optional();

const register = strictObject({
  ...stored,
  initial: key(z.number(), 'Its value at the start. If absent, 0.', 0xace1).optional(),
  shared,
});

const queue = strictObject({
  depth: key(
    whole('a number of entries', 1, 2 ** 20),
    'How many entries there is room for, in each slot.',
    64,
  ),
  slots: key(
    whole('a number of slots', 1, 2 ** 16),
    'How many queues it is, addressed as `name[slot]`. If absent, 1.',
    64,
  ).optional(),
  entry,
  shared,
});

const table = strictObject({
  rows: key(formula, 'How many entries it has: a number, or a formula of `constants`.', 256),
  entry,
  shared,
});

const input = strictObject({
  takes: key(recordOf(text('a name'), entryField), 'Numbers that come with it, each with its bits.', {
    address: 10,
  }).optional(),
  do: key(z.array(visit), 'The visits that follow.', [{ run: 'inject', with: { neuron: 'neuron' } }]),
});

const nameKey = z.string().regex(/^[A-Za-z]\w*$/, { error: 'expected a name: letters, digits and _' });
const named = <Schema extends z.ZodType>(schema: Schema) => recordOf(nameKey, schema).optional();

/** A controller as data: what it holds, and what it does when something comes from outside. */
export const controllerShape = strictObject({
  name: key(
    plainName('the name of a chip'),
    'The chip whose host presents samples to it, and whose section an experiment has. If absent, it has the name of the hw-model, and experiments have the section `controller`.',
    'my-chip',
  ).optional(),
  cores: key(
    formula,
    'How many cores the chip has, all alike: a number, or a formula of `constants`. If absent, 1.',
    4,
  ).optional(),
  constants: key(
    named(z.number()),
    'Numbers by name. A setting of `hw.controller.constants.NAME` changes one.',
    {
      served: 256,
    },
  ),
  registers: key(named(register), 'Numbers that it holds.', { lfsr: { bits: 16, initial: 0xace1 } }),
  queues: key(named(queue), 'Queues of entries.', { scheduler: { depth: 128, entry: { neuron: 8 } } }),
  tables: key(named(table), 'Entries by their address. They are 0 unless a recording states them.', {
    routes: { rows: 32, entry: { core: 2, neuron: 8 } },
  }),
  records: key(
    named(z.array(text('a column'))),
    'The contents of recordings: for each record, its columns.',
    {
      spikes: ['cycle', 'neuron'],
    },
  ),
  states: key(
    strictObject({
      of: key(z.array(text('a name')), 'Fields of the program, registers, and columns of tables.', [
        'neurons.v',
        'lfsr',
      ]),
      after: key(
        choice(['end', 'input']),
        'When they are stated. `end`, the default: once the last input is done. `input`: after each of them.',
      ).optional(),
    }).optional(),
    'The memories that recordings state.',
  ),
  banks: key(
    strictObject({
      of: key(z.array(text('a bank')), 'Names of banks.', ['neurons']),
      after: key(
        choice(['end', 'input']),
        'When they are stated. `end`, the default: of all inputs together. `input`: of each of them, too.',
      ).optional(),
    }).optional(),
    'The banks of which recordings state how many words are read and written.',
  ),
  routines: key(named(z.array(visit)), 'Visits by name, for `call`.', {
    serve: [{ run: 'deliver', with: { neuron: 'spikes.neuron' }, cycles: 3 }, { pop: 'spikes' }],
  }),
  inputs: key(
    recordOf(nameKey, input),
    'The inputs from outside, by name, and the actions of the controller on each. Inputs come one after the other.',
    { step: { do: [{ each: { n: 256 }, run: 'update', with: { neuron: 'n' }, cycles: 4 }] } },
  ),
});

export type ControllerShape = ValueOf<typeof controllerShape>;
/** A width, as an entry states it. */
export type EntryShape = ControllerShape['inputs'][string]['takes'];
