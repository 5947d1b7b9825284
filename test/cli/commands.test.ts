import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine, refused } from './in-process.ts';

const { folder } = scratch();

const json = async (...args: readonly string[]): Promise<unknown> => {
  const { status, stdout, stderr } = await commandLine(argv`${args} --json`);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout);
};

describe('commands that print', () => {
  test('inspect --memory', async () => {
    expect(
      await json('inspect', 'mnist-snn', '--memory', '--hw', 'reference', '--precision', 'mp16-8,fp32'),
    ).toMatchObject({
      precisions: [
        // 24 bits for each of 203 264 weights and 19 056 bits of states; FP32 32 bits and 58 752.
        { precision: 'mp16-8', memory: { totalBits: 4_897_392 } },
        { precision: 'fp32', memory: { totalBits: 6_563_200 } },
      ],
      misfits: [],
    });
    const { stdout } = await commandLine(
      argv`inspect mnist-snn --memory --hw reference --set hw.banks.weight.capacityBits=1048576`,
    );
    expect(stdout).toContain('mp16-8: program');
    expect(stdout).toContain('1 638 400 bits needed');
  });

  test('hw', async () => {
    expect(await json('list', 'hw-models')).toContainEqual(
      expect.objectContaining({ name: 'fp32', arithmetic: 'float32' }),
    );
    expect(await json('hw', 'check', 'reference')).toMatchObject({
      name: 'reference',
      precisions: expect.arrayContaining(['mp16-8']),
    });
    const { stdout } = await commandLine(argv`hw show reference`);
    // A read of 128 bits of 4 Mbit: 128 x (0.0803 + 0.0237 x 8) + 0.885 x 8 pJ.
    for (const part of ['Horowitz', '41.64', 'banks.weight', 'derived']) expect(stdout).toContain(part);
    // No area of this core is known, so that none has a share of it.
    // Estimated figures name what they were fitted to, and how far off they may be.
    expect(stdout).toMatch(
      /^\[\d\] Fitted to .*Horowitz.*estimated, read in: secondary, true value 0\.\d+ to [\d.]+ of it\)$/m,
    );
    expect(stdout).toMatch(/^fetch +1\.397 pJ an instruction, for all lanes/m);
    expect((await commandLine(argv`hw show ranc`)).stdout).not.toContain('NaN');
  });

  test('hw, with another cost set', async () => {
    expect((await commandLine(argv`hw show loihi`)).stdout).toContain('davies2018, of davies2018, sanafe');
    const { stdout } = await commandLine(argv`hw show loihi --set hw.chip.costs=sanafe`);
    for (const part of ['sanafe, of davies2018, sanafe', '111 pJ, 5.1 ns a packet', '[1]'])
      expect(stdout).toContain(part);
    const { status, stderr } = await commandLine(argv`hw show loihi --set program.steps=3`);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr:
        'plasticore: --set program.steps: only an hw-model is read here: expected a path that begins with hw\n',
    });
  });

  test('lists under their former names', async () => {
    for (const [was, is] of [
      [
        ['hw', 'list'],
        ['list', 'hw-models'],
      ],
      [
        ['data', 'list'],
        ['list', 'data'],
      ],
    ] as const)
      expect(await json(...was)).toEqual(await json(...is));
    expect((await commandLine(argv`memory 784-10`)).stdout).toContain('inputToOutput.shadow');
    // It wrote a bench; `verify`, without a folder to write, replays.
    expect(await refused(argv`testbench none.json`)).toContain("unknown command 'testbench'");
    expect(await refused(argv`list hw-modles`)).toContain(
      "there is no list 'hw-modles'; did you mean 'hw-models'?",
    );
  });

  test('data', async () => {
    expect(await json('data', 'check')).toMatchObject({
      name: 'mnist-embedded',
      parts: [
        { name: 'train', samples: 8000, features: 784, classes: 10 },
        { name: 'test', samples: 2000, features: 784, classes: 10 },
      ],
      remarks: [],
    });
    expect((await commandLine(argv`list data`)).stdout).toContain(
      'bernoulli, bernoulli255, constant, graded, phase',
    );
    expect(await json('list', 'data')).toMatchObject({
      embedded: [{ name: 'mnist-embedded' }, { name: 'braille' }],
      elsewhere: [
        { name: 'mnist', description: expect.stringMatching(/LeCun.*data fetch mnist$/) },
        { name: 'fashion-mnist', description: expect.stringMatching(/Xiao.*data fetch fashion-mnist$/) },
        { name: 'shd', description: expect.stringMatching(/Cramer.*data fetch shd$/) },
        { name: 'ten spoken digits', description: expect.stringMatching(/Jakobovski.*docs\/data\.md/) },
        { name: 'twenty spoken digits', description: expect.stringMatching(/espeak-ng.*tools/) },
        { name: 'electrocardiograms', description: expect.stringMatching(/ODC-BY.*docs\/data\.md/) },
      ],
    });
  });

  test('completion', async () => {
    const stderr = await refused(argv`completion fish`);
    expect(stderr).toMatch(/^plasticore: 'fish' is one argument too many\n.*bash.*zsh.*\n$/);
    expect((await commandLine(argv`completion`)).stdout).toContain('plasticore completion');
  });
});

test.each([
  ['plasticore', undefined],
  ['npx plasticore', "'plasticore' init there"],
  ['plasticore', "'vitest' run test/cli"],
])('init says how to go on: %s, where npm runs %s', async (words, script) => {
  vi.stubEnv('npm_lifecycle_event', script && 'npx');
  vi.stubEnv('npm_lifecycle_script', script);
  const there = join(folder, `there-${words.length}-${script?.length ?? 0}`);
  const { stderr } = await commandLine(argv`init ${there}`);
  vi.unstubAllEnvs();
  expect(stderr).toBe(`\nnow: cd ${there} && ${words} run experiments/first.yaml\n`);
});

test('init makes a project that runs, and overwrites nothing', async () => {
  const project = join(folder, 'project');
  const made = await commandLine(argv`init ${project}`);
  expect(made.status).toBe(0);
  expect(made.stdout.split('\n')).toContain(join(project, 'programs/rules/learn.uc'));
  const again = await commandLine(argv`init ${project}`);
  expect(again).toMatchObject({ status: 2, stdout: '' });
  expect(again.stderr).toContain('this folder is not empty');
  const small = argv`--limit 10 --set program.populations.hidden.size=16`;
  const ran = await commandLine(argv`run experiments/first.yaml --json - ${small}`, { cwd: project });
  expect(ran.status).toBe(0);
  expect(JSON.parse(ran.stdout)).toMatchObject({ provenance: { experiment: 'first', hwModel: 'my-core' } });
  const schema: unknown = JSON.parse(readFileSync(join(project, 'schemas/program.schema.json'), 'utf8'));
  expect(schema).toHaveProperty('properties.steps');
});

describe('help', () => {
  test('of everything', async () => {
    expect((await commandLine(argv`--help`)).stdout).toMatchInlineSnapshot(`
      "plasticore COMMAND

      Simulates neuromorphic cores: accuracy, memory, cycles and energy of every run.

      Run and compare:
        plasticore run <experiment>      Run one cell of an experiment, or an image: learn, test, report
        plasticore sweep <experiment>    Run and compare all cells of an experiment: its precisions, its seeds and
                                         the values it varies
        plasticore explore <experiment>  Search for the best designs of chip and network: those that no other equals
                                         in everything and beats in something
        plasticore compare <experiment>  Run one network on several chips: fit, memory, accuracy, energy and latency
                                         beside each other
        plasticore report <folder>       Make one HTML page from the results of a run or a sweep: charts, tables,
                                         rasters, weights
        plasticore reprice <run>         Print what a finished run would have cost on another core that does the
                                         same

      Look inside:
        plasticore inspect <file>        Look into an image, an experiment or a program: memory map, microcode with
                                         ranges, cost of each kernel and what bounds it; or its memory, field by
                                         field and at each precision
        plasticore fit <experiment>      Print how much of a chip a network needs; if it does not fit, the changes
                                         that make it fit, tried by the compiler
        plasticore diff <one> <other>    Print the differences between two runs, images, experiments or programs
        plasticore watch <experiment>    Train on a few samples and print what each kernel writes: ranges,
                                         saturation, sizes of updates
        plasticore trace <experiment>    Write what a machine does in a window of steps: waveforms for GTKWave, a
                                         timeline for Perfetto

      Exchange with other tools:
        plasticore compile <program>     Compile a program for a core into an image
        plasticore export <from>         Write the weights of an image or a run for numpy, its memories for an RTL,
                                         or its network as NIR
        plasticore rtl <file>            Write the core of a network as SystemVerilog, with a test bench that a
                                         simulator runs
        plasticore import <file>         Make a program of a network in NIR, in integers, and compare it with the
                                         network in floats

      Check against golden traces:
        plasticore golden <experiment>   Write a golden trace: everything that the core does on a few samples
        plasticore verify <trace>        Replay a golden trace: identical, or the first divergence; or write a bench
                                         that makes a chip's own RTL do what it states

      Set up, and find what there is:
        plasticore init [folder]         Start a project: an experiment, a program with its rules, and a core to
                                         change; or a chip
        plasticore list [kind]           List the bundled experiments, programs, rules, hw-models or data sets
        plasticore hw                    Show and check hw-models, and estimate their figures
        plasticore data                  Check a data set, also a CSV or images of your own, and fetch published
                                         ones
        plasticore playground            Serve a page, to this computer alone, on which a core learns while you
                                         change it
        plasticore completion            Print a completion script for bash or zsh

      Everywhere:
        --help           Show help                                                                         [boolean]
        --version        Show version number                                                               [boolean]
        --quiet          No progress and no messages, only results                        [boolean] [default: false]
        --debug          Stack traces with errors                                         [boolean] [default: false]
        --json-messages  Progress, messages and errors as JSON, an object a line, for programs
                                                                                          [boolean] [default: false]
      "
    `);
  });

  test('of run, with examples', async () => {
    expect((await commandLine(argv`run --help`)).stdout).toMatchInlineSnapshot(`
      "plasticore run <experiment>

      Run one cell of an experiment, or an image: learn, test, report

      Positionals:
        experiment  An experiment by name or path, a .pcore file, or the --out folder of a run   [string] [required]

      Network and core:
        --precision  mpS-W: S-bit shadow weights, W-bit inference weights; fp32 runs on the hw-model’s baseline
                                                                                                            [string]
        --seed       Seed of initial weights, order of samples, encoder and rounding                        [string]
        --hw         hw-model: a bundled one by name, or the path of a file                                 [string]
        --chip       A module of code, a .mjs file, whose default export is the chip with the controller of the core
                                                                                                            [string]
        --set        path=value: replace any value, such as program.parameters.gain=2 or hw.lanes=32         [array]
        --weights    A .npz file of initial weights: arrays named like projections, as a run writes them    [string]
        --inference  Compile for a core that only infers: without rules, shadow weights and everything else that
                     only learning needs; answers stay the same                                            [boolean]
        --placement  A placement file: which neurons are on which core of a chip; compile --write-placement writes
                     one                                                                                    [string]

      Data:
        --data      A folder of IDX files or of PNG files by class, a .npz or CSV file, or HDF5 in the layout of SHD
                    or as \`arrays\` names it; by default the experiment’s, or the embedded digits            [string]
        --encoder   How samples become spikes: bernoulli, bernoulli255, phase, graded or constant for features, bins
                    of 10 ms for spikes with their times, steps for spikes in time steps                    [string]
        --epochs    Passes over the training set; 0 only tests                                              [string]
        --limit     Use at most this many training samples and as many test samples: a stratified prefix of a fixed
                    shuffle                                                                                 [string]
        --validate  Hold out a part of the training set, by default a sixth, and score it instead of the test set,
                    also after each epoch                                                                   [string]

      Where it runs:
        --engine   Engine to use; results do not depend on it
                                                           [string] [choices: "fast", "reference"] [default: "fast"]
        --threads  Threads that run the cores of one chip together, for chips of many cores; results do not depend
                   on it                                                                                    [string]

      Results:
        --neurobench          Count updates of potentials, too, for NeuroBench’s MembraneUpdates and
                              NeuronOperations                                                             [boolean]
        --out                 Folder for report, weights, history, predictions and checkpoints              [string]
        --keep-states         Keep the state after every so many samples in --out, so that trace need not run what
                              comes before a window                                                         [string]
        --json                Write the report as JSON to a file, or to standard output with -              [string]
        --resume              Continue with the results in --out; a finished run is not repeated           [boolean]
        --overwrite           First remove earlier results from --out                                      [boolean]
        --checkpoint-seconds  Seconds between checkpoints in --out, by default 60; each epoch ends with one [string]
        --record              Record fields and spikes of the first 10 scored samples, such as v:hidden,spikes:*, in
                              record.npz; on a chip of many cores, steps records the cost of each step in steps.csv
                                                                                                            [string]

      Everywhere:
        --help           Show help                                                                         [boolean]
        --version        Show version number                                                               [boolean]
        --quiet          No progress and no messages, only results                        [boolean] [default: false]
        --debug          Stack traces with errors                                         [boolean] [default: false]
        --json-messages  Progress, messages and errors as JSON, an object a line, for programs
                                                                                          [boolean] [default: false]

      Examples:
        plasticore run mnist-snn                                 learn MNIST on the embedded digits
        plasticore run mnist-snn --precision fp32                the same program on the float32 baseline
        plasticore run mnist-snn --data mnist/ --epochs 6 --out  the full set, with checkpoints
        runs/full
        plasticore run mnist-snn --validate                      score a sixth of the training set instead of the
                                                                 test set
        plasticore run mnist-snn --set hw.lanes=32 --set         another core, another network
        program.populations.hidden.size=128
        plasticore run mnist-snn --out runs/first --keep-states  keep states from which trace goes on
        1000
        plasticore run mnist-snn --weights                       only test, with given weights
        runs/first/weights.npz --inference
        plasticore run digits.pcore --epochs 0 --json -          test a compiled image
      "
    `);
  });

  test('without a command says what is missing', async () => {
    const { status, stderr } = await commandLine([]);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr:
        'plasticore: a command is missing\n  plasticore --help lists the commands, plasticore COMMAND --help its options\n',
    });
  });
});
