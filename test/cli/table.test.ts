import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sections } from '../../src/cli/commands.ts';
import { commandName } from '../../src/cli/given-command.ts';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine } from './in-process.ts';

/*
 * Every command that takes an experiment, its program, its image or its results, on every kind of experiment: it works,
 * or says why not and what would help, with status 2. A new command needs a row, or a place among those without an
 * experiment.
 */
const withoutExperiment = ['init', 'list', 'hw', 'data', 'playground'];

const { path: at } = scratch();

interface Kind {
  readonly experiment: string;
  readonly program: string;
  readonly hw: string;
  readonly precision: string;
  readonly set?: readonly string[];
}

const small = ['program.populations.hidden.size=8', 'program.steps=4'];
const ranc = at('events.yaml');
const kinds = {
  'one core': {
    experiment: 'mnist-snn',
    program: 'mnist-snn',
    hw: 'reference',
    precision: 'mp16-8',
    set: small,
  },
  fp32: { experiment: 'mnist-snn', program: 'mnist-snn', hw: 'reference', precision: 'fp32', set: small },
  'a host': { experiment: 'odin-mnist', program: 'odin', hw: 'odin', precision: 'own' },
  'many cores': {
    experiment: 'many-cores',
    program: 'mnist-snn',
    hw: 'mesh',
    precision: 'mp16-8',
    set: ['program.populations.hidden.size=16', 'program.placement.cores=2'],
  },
  replay: {
    experiment: at('replay.yaml'),
    program: 'speech-snn-replay',
    hw: 'reference',
    precision: 'mp16-8',
    set: [...small, 'program.populations.input.size=784', 'hw.banks.state.capacityBits=524288'],
  },
  'events from outside': { experiment: ranc, program: 'ranc', hw: 'ranc', precision: 'own' },
} as const satisfies Readonly<Record<string, Kind>>;

const described = (name: string, { program, hw, precision }: Kind, more = '') =>
  `format: plasticore/experiment/1\nname: ${name}\nprogram: ${program}\nhw: ${hw}\nprecisions: [${precision}]\nseeds: [1]\nepochs: 1\n${more}`;
writeFileSync(at('replay.yaml'), described('replay', kinds.replay, 'encoder: bernoulli\n'));
writeFileSync(
  at('space.yaml'),
  'format: plasticore/space/1\naxes: {hw.supplyV: [0.8]}\nobjectives: [accuracy, energy]\n',
);
writeFileSync(ranc, described('events', kinds['events from outside']));

/** What a command is given: the options of an experiment, those of its program, and the name for what it writes. */
interface Given {
  readonly experiment: readonly string[];
  readonly program: readonly string[];
  readonly hw: string;
  readonly name: string;
  /** What weights are exported of: a run, or an image where nothing can run it. */
  readonly results: string;
}

function givenFor(kind: keyof typeof kinds): Given {
  const { experiment, program, hw, precision, set = [] }: Kind = kinds[kind];
  const settings = set.flatMap((setting) => argv`--set ${setting}`);
  const name = at(kind.replaceAll(' ', '-'));
  return {
    experiment: argv`${experiment} --precision ${precision} ${settings}`,
    program: argv`${program} --hw ${hw} --precision ${precision} ${settings}`,
    hw,
    name,
    results: kind === 'events from outside' ? `${name}.pcore` : name,
  };
}

const short = argv`--limit 1 --epochs 1 --quiet`;
/** In an order in which each finds what those before it have written. */
const commands = {
  compile: ({ program, name }) => argv`compile ${program} -o ${name}.pcore`,
  run: ({ experiment, name }) => argv`run ${experiment} ${short} --out ${name}`,
  report: ({ name }) => ['report', name],
  reprice: ({ name }) => argv`reprice ${name} --set hw.supplyV=0.8`,
  diff: ({ name }) => ['diff', name, name],
  'export --weights': ({ name, results }) => argv`export ${results} --weights ${name}.npz`,
  'export --memh': ({ name, results }) => argv`export ${results} --memh ${name}-memh`,
  'export --nir': ({ name, results }) => argv`export ${results} --nir ${name}.nir`,
  sweep: ({ experiment }) => argv`sweep ${experiment} ${short} --seeds 1 --workers 1`,
  import: ({ name, hw }) => argv`import ${name}.nir --hw ${hw} --precision mp16-8 -o ${name}-net`,
  explore: ({ experiment }) => argv`explore ${experiment} ${short} --space ${at('space.yaml')} --workers 1`,
  compare: ({ experiment, hw }) => argv`compare ${experiment} ${short} --hw ${hw},large --workers 1`,
  'run IMAGE': ({ name }) => argv`run ${name}.pcore --limit 1 --quiet`,
  inspect: ({ experiment }) => ['inspect', ...experiment],
  'inspect --plan': ({ experiment }) => argv`inspect ${experiment} --plan`,
  'inspect --wat': ({ experiment }) => argv`inspect ${experiment} --wat`,
  'inspect --memory': ({ program }) => ['inspect', '--memory', ...program],
  fit: ({ experiment }) => ['fit', ...experiment],
  watch: ({ experiment }) => argv`watch ${experiment} --limit 1`,
  'trace --vcd': ({ experiment, name }) => argv`trace ${experiment} ${short} --steps 0 --vcd ${name}.vcd`,
  'trace --perfetto': ({ experiment, name }) =>
    argv`trace ${experiment} ${short} --steps 0 --perfetto ${name}.json`,
  'trace --activity': ({ experiment, name }) => [
    ...['trace', ...experiment, ...short, '--steps', '0'],
    ...['--activity', `${name}-activity.json`],
  ],
  rtl: ({ experiment, name }) => argv`rtl ${experiment} ${short} -o ${name}-rtl`,
  golden: ({ experiment, name }) => argv`golden ${experiment} ${short} -o ${name}.golden`,
  verify: ({ name }) => ['verify', `${name}.golden`],
  'verify --out': ({ experiment, name }) => argv`verify ${experiment} ${short} -o ${name}-bench`,
} as const satisfies Readonly<Record<string, (given: Given) => readonly string[]>>;

type Refusals = Readonly<Partial<Record<keyof typeof commands, readonly [message: string, hint?: string]>>>;

const byController = [
  'takes no samples: it has no input or no readout',
  "controller 'ranc' runs it",
] as const;
const inTime = [
  'a trace is of time steps, or of a controller as data',
  'plasticore verify replays the recordings of chips',
] as const;
const namedEvents = [
  "runs on named events of a chip's controller, which NIR does not have",
  '--weights',
] as const;
const notThere = ['no such file or directory'] as const;
const noBench = [
  'there is no bench for recordings of the format plasticore-trace/1',
  'plasticore rtl writes the core of a network',
] as const;

/** What is refused, why, and what would help; what is not here works. */
const refusals: Readonly<Partial<Record<keyof typeof kinds, Refusals>>> = {
  'one core': { 'verify --out': noBench },
  fp32: {
    'export --nir': ['on float32', 'at a precision of integers'],
    import: notThere,
    rtl: ['computes with floats', 'choose another precision'],
    'verify --out': noBench,
  },
  'a host': {
    reprice: ['its counts do not hold for that core', 'run again on the other core'],
    'export --nir': namedEvents,
    import: notThere,
    'run IMAGE': ['takes no samples', "controller 'odin' runs it, in an experiment with a section 'odin:'"],
    'trace --activity': ['toggles are counted on a core of its own', 'on a chip of one core'],
    rtl: ['hosts a chip with a controller of its own', 'a core without a controller'],
  },
  'many cores': {
    'verify --out': noBench,
    'trace --activity': ['runs on a chip of many cores', 'on a chip of one core'],
    reprice: ['a run on many cores, whose time was counted as it ran', 'run it again'],
    rtl: ['is placed on 2 cores of mesh: --core says which one', 'its cores are 0, 1'],
  },
  replay: {
    'export --nir': ["population 'input': its spikes enter several times", 'one projection for each delay'],
    import: notThere,
    'verify --out': noBench,
  },
  'events from outside': {
    run: byController,
    report: notThere,
    reprice: ['there is no such folder', 'expected the --out of a finished run'],
    diff: notThere,
    'export --nir': namedEvents,
    import: notThere,
    sweep: byController,
    explore: byController,
    compare: byController,
    'run IMAGE': byController,
    watch: byController,
    'trace --vcd': inTime,
    'trace --perfetto': inTime,
    'trace --activity': inTime,
    rtl: ["has a controller of its own, 'ranc'", 'an hw-model without a controller'],
    golden: byController,
    verify: notThere,
    'verify --out': byController,
  },
};

test('every command has a row, or takes no experiment', () => {
  const names = sections.flatMap((section) => section.commands.map(commandName));
  const rows = Object.keys(commands).map((row) => row.split(' ')[0] ?? '');
  expect([...new Set([...rows, ...withoutExperiment])].sort()).toEqual([...names].sort());
});

describe.each(Object.keys(kinds) as (keyof typeof kinds)[])('%s', (kind) => {
  test.each(Object.keys(commands) as (keyof typeof commands)[])('%s', async (command) => {
    const { status, stderr } = await commandLine(commands[command](givenFor(kind)));
    const refused = refusals[kind]?.[command];
    if (refused === undefined) {
      expect([status, stderr]).toEqual([0, expect.not.stringContaining('plasticore: ')]);
      return;
    }
    const [message, hint = ''] = refused;
    const [said = '', ...help] = stderr.split('\n');
    expect([status, said, help.join('\n')]).toEqual([
      2,
      expect.stringContaining(message),
      expect.stringContaining(hint),
    ]);
  });
});
