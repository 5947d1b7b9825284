import * as z from 'zod';
import { choice, key, recordOf, strictObject, text, word } from '../text/index.ts';
import { fieldName, formula } from './schema-values.ts';

/** One entry of a list: exactly one of `run`, `deliver`, `clear`, `stopUnlessAny`, `hold`, `do`, with its options. */
export interface ActionSpec {
  run?: string | undefined;
  over?: string | undefined;
  only?: 'row' | 'neuron' | 'synapse' | undefined;
  rows?: number | string | undefined;
  columns?: number | string | undefined;
  order?: 'columns' | undefined;
  with?: Record<string, number | string> | undefined;
  deliver?: string | undefined;
  spikes?: 'previous' | undefined;
  clear?: string[] | undefined;
  stopUnlessAny?: string | undefined;
  hold?: string[] | undefined;
  after?: number | string | undefined;
  period?: number | string | undefined;
  do?: ActionSpec[] | undefined;
  when?: 'learning' | undefined;
  pass?: 'first' | 'replay' | undefined;
  from?: number | string | undefined;
  until?: number | string | undefined;
  every?: number | string | undefined;
  last?: number | string | undefined;
  everySample?: number | string | undefined;
}

const run = {
  run: key(
    text('the name of a kernel'),
    'Runs a kernel of the microcode. `over` says what it runs over.',
    'integrate',
  ).optional(),
  over: key(
    text('the name of a population or projection'),
    'The domain of the kernel of `run`: a population if its domain is neurons, a projection if it is synapses, a row or weights.',
    'inputToHidden',
  ).optional(),
  only: key(
    choice(['row', 'neuron', 'synapse']),
    "Runs the kernel over less than its domain: `row`, `neuron` or `synapse`, the one that the event names. It must be a part of the kernel's domain that takes the gates of the kernel.",
  ).optional(),
  rows: key(
    formula,
    'Visits this many pre-synaptic neurons, from the first on. If absent, all of them. For kernels over the synapses of a dense projection.',
    64,
  ).optional(),
  columns: key(
    formula,
    'Visits this many columns (post-synaptic neurons, or the neurons of a population), from the first on. If absent, all of them.',
    10,
  ).optional(),
  order: key(
    word('columns'),
    '`columns`: visits tile by tile of the columns, and all rows of each tile. If absent, row by row, and all tiles of each row. For kernels over the synapses of a dense projection that have no gates and neither draw, reduce nor emit.',
  ).optional(),
  with: key(
    recordOf(z.string(), formula),
    "Values for the kernel's parameters in this use of it, by the names that follow # in its text. They take precedence over the program's `parameters`.",
    { rate: 'hiddenRate', shift: 1 },
  ).optional(),
};

const deliver = {
  deliver: key(
    text('the name of a population'),
    'Serves the FIFO until it is empty: each spike that leaves it runs the list of its population under `spike`. For the input, the host pushes its spikes of this step first.',
    'input',
  ).optional(),
  spikes: key(
    word('previous'),
    '`previous`: pushes the spikes that the population of `deliver` emitted in the step before, and runs for each its list under `previousSpike`. If absent, the spikes of this step.',
  ).optional(),
};

const hold = {
  hold: key(
    z.array(fieldName),
    'Fields whose items from `after` on take the value of the item `period` before them, as a latch keeps what it last read.',
    ['recurrent.trace'],
  ).optional(),
  after: key(formula, 'The first item that `hold` overwrites, counted from 0.', 40).optional(),
  period: key(
    formula,
    'How many items back the value that `hold` copies lies; at most `after`.',
    4,
  ).optional(),
};

const condition = {
  when: key(
    word('learning'),
    '`learning`: only while the core learns. Tests and inference leave the action out.',
  ).optional(),
  pass: key(
    choice(['first', 'replay']),
    'In a program with `replay`: `first` skips the action when a sample is presented again, `replay` runs it only then. If absent, both.',
  ).optional(),
  from: key(formula, 'The first step of a sample in which the action runs, counted from 0.', 3).optional(),
  until: key(
    formula,
    'The first step of a sample in which the action no longer runs, counted from 0. If absent, it runs to the end.',
    8,
  ).optional(),
  every: key(
    formula,
    'Runs the action only in every n-th step, counted from `from`. If absent, in each.',
    2,
  ).optional(),
  last: key(formula, 'Runs the action only in the last n steps of a sample. 0 means all.', 1).optional(),
  everySample: key(
    formula,
    'Runs the action only in every n-th sample of a pass over the data, and in its last one: once for each batch, the last of which may be short. A sample that is presented alone is a batch of its own. If absent, in each sample.',
    128,
  ).optional(),
};

const kinds = ['run', 'deliver', 'clear', 'stopUnlessAny', 'hold', 'do'] as const;

/** Keys that mean nothing without another key. */
const belongings = [
  [['with', 'only', 'rows', 'columns', 'order'], 'run'],
  [['spikes'], 'deliver'],
] as const;

const action: z.ZodType<ActionSpec, ActionSpec> = z.lazy(() =>
  strictObject({
    ...run,
    ...deliver,
    clear: key(z.array(fieldName), 'Sets all items of these fields to zero.', [
      'hidden.v',
      'output.v',
    ]).optional(),
    stopUnlessAny: key(
      fieldName,
      'Ends the list here (within `do`: only that group) if all items of the field are zero; on a float32 core, if all are below 1 in magnitude. The rest of the list then neither runs nor costs anything.',
      'output.signal',
    ).optional(),
    ...hold,
    do: key(z.array(action), 'A group of actions that share the conditions beside it.', [
      { run: 'error', over: 'output' },
    ]).optional(),
    ...condition,
  }).superRefine((spec, context) => {
    const refuse = (message: string) => context.addIssue({ code: 'custom', message });
    const given = kinds.filter((kind) => spec[kind] !== undefined);
    if (given.length !== 1) {
      const found = given.length === 0 ? 'none' : given.join(' and ');
      refuse(`expected one of ${kinds.join(', ')}, found ${found}`);
    }
    if ((spec.run === undefined) !== (spec.over === undefined))
      refuse("'run: KERNEL' and 'over: POPULATION or PROJECTION' go together");
    for (const other of ['after', 'period'] as const) {
      if ((spec[other] === undefined) !== (spec.hold === undefined))
        refuse("'hold', 'after' and 'period' go together");
    }
    for (const [names, owner] of belongings) {
      for (const name of names) {
        if (spec[name] !== undefined && spec[owner] === undefined) refuse(`'${name}' goes with '${owner}'`);
      }
    }
  }),
);

export const listSchema = z.array(action, { error: () => 'expected a list of actions' });
