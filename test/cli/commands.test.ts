import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { plasticore } from './spawn.ts';

const folder = mkdtempSync(join(tmpdir(), 'plasticore-commands-'));
afterAll(() => rmSync(folder, { recursive: true }));

const json = (...args: readonly string[]): unknown => {
  const { status, stdout, stderr } = plasticore([...args, '--json']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout);
};

describe('commands that print', () => {
  test('memory', () => {
    expect(json('memory', 'mnist-snn', '--hw', 'reference', '--precision', 'mp16-8,fp32')).toMatchObject({
      precisions: [
        // 24 bits for each of 203 264 weights and 19 056 bits of states; FP32 32 bits and 58 752.
        { precision: 'mp16-8', memory: { totalBits: 4_897_392 } },
        { precision: 'fp32', memory: { totalBits: 6_563_200 } },
      ],
      misfits: [],
    });
    const { stdout } = plasticore([
      'memory',
      'mnist-snn',
      '--hw',
      'reference',
      '--set',
      'hw.banks.weight.capacityBits=1048576',
    ]);
    expect(stdout).toContain('mp16-8: program');
    expect(stdout).toContain('1 638 400 bits needed');
  });

  test('hw', () => {
    expect(json('hw', 'list')).toContainEqual(
      expect.objectContaining({ name: 'fp32', arithmetic: 'float32' }),
    );
    expect(json('hw', 'check', 'reference')).toMatchObject({
      name: 'reference',
      precisions: expect.arrayContaining(['mp16-8']),
    });
    const { stdout } = plasticore(['hw', 'show', 'reference']);
    for (const part of ['Horowitz', '32.16', 'banks.weight', 'derived']) expect(stdout).toContain(part);
  });

  test('data', () => {
    expect(json('data', 'check')).toMatchObject({
      name: 'mnist-embedded',
      parts: [
        { name: 'train', samples: 8000, features: 784, classes: 10 },
        { name: 'test', samples: 2000, features: 784, classes: 10 },
      ],
      remarks: [],
    });
    expect(plasticore(['data', 'list']).stdout).toContain('bernoulli, phase');
  });

  test('completion', () => {
    const { status, stdout, stderr } = plasticore(['completion', 'fish']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^plasticore: 'fish' is one argument too many\n.*bash.*zsh.*\n$/);
    expect(plasticore(['completion']).stdout).toContain('plasticore completion');
  });
});

test('init makes a project that runs, and overwrites nothing', () => {
  const project = join(folder, 'project');
  const made = plasticore(['init', project]);
  expect(made.status).toBe(0);
  expect(made.stdout.split('\n')).toContain(join(project, 'programs/rules/learn.uc'));
  const again = plasticore(['init', project]);
  expect(again).toMatchObject({ status: 2, stdout: '' });
  expect(again.stderr).toContain('this folder is not empty');
  const small = ['--limit', '10', '--set', 'program.populations.hidden.size=16'];
  const ran = plasticore(['run', 'experiments/first.yaml', '--json', '-', ...small], { cwd: project });
  expect(ran.status).toBe(0);
  expect(JSON.parse(ran.stdout)).toMatchObject({ provenance: { experiment: 'first', hwModel: 'my-core' } });
  const schema: unknown = JSON.parse(readFileSync(join(project, 'schemas/program.schema.json'), 'utf8'));
  expect(schema).toHaveProperty('properties.steps');
});

test('a reader that closes the pipe is no failure', () => {
  const command = `${process.execPath} --import ${import.meta.resolve('tsx')} src/cli/main.ts hw show reference | head -n 1`;
  const { stdout, stderr, status } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
  expect({ lines: stdout.trimEnd().split('\n').length, stderr, status }).toEqual({
    lines: 1,
    stderr: '',
    status: 0,
  });
});

describe('help', () => {
  test('of everything', () => {
    expect(plasticore(['--help']).stdout).toMatchInlineSnapshot(`
      "plasticore COMMAND

      Simulates neuromorphic cores: accuracy, memory, cycles and energy of every run.

      Commands:
        plasticore run <experiment>     Run one cell of an experiment, or an image: learn, test, report
        plasticore sweep <experiment>   Run all cells of an experiment, its precisions with its seeds and what it
                                        varies, and compare them
        plasticore report <folder>      One HTML page from the results of a run or a sweep: charts, tables, rasters,
                                        weights
        plasticore compile <program>    Compile a program for a core into an image
        plasticore inspect <file>       Look into an image, an experiment or a program: memory map, microcode with
                                        ranges, cost of each kernel and what binds it
        plasticore memory <program>     Memory of a program on a core, field by field, and what each precision
                                        saves: no run
        plasticore golden <experiment>  Write a golden trace: all that the core does on a few samples
        plasticore verify <trace>       Replay a golden trace: identical, or the first divergence
        plasticore list                 The bundled experiments, programs, rules and hw-models
        plasticore hw                   List, show and check hw-models
        plasticore data                 List, check and fetch data sets
        plasticore init <folder>        Start a project: an experiment, a program with its rules, and a core of your
                                        own
        plasticore completion           Print a completion script for bash or zsh

      Everywhere:
        --help     Show help                                                                               [boolean]
        --version  Show version number                                                                     [boolean]
        --quiet    No progress and no messages, only results                              [boolean] [default: false]
        --debug    Stack traces with errors                                               [boolean] [default: false]
      "
    `);
  });

  test('of run, with examples', () => {
    expect(plasticore(['run', '--help']).stdout).toMatchInlineSnapshot(`
      "plasticore run <experiment>

      Run one cell of an experiment, or an image: learn, test, report

      Positionals:
        experiment  A bundled experiment by name, or the path of a .yaml or .pcore file          [string] [required]

      Options:
        --precision           mpS-W: S-bit shadow weights, W-bit inference weights; fp32 runs on the hw-model’s
                              baseline                                                                      [string]
        --seed                Seed of initial weights, order of samples, encoder and rounding               [string]
        --hw                  hw-model: a bundled one by name, or the path of a file                        [string]
        --data                IDX files in a directory, a .npz file, or HDF5 in the layout of SHD; otherwise the
                              experiment’s, or the embedded digits                                          [string]
        --encoder             How samples become spikes: features by bernoulli or phase, spikes by bins of 10 ms
                                                                             [choices: "bernoulli", "phase", "bins"]
        --epochs              Passes over the training set; 0 only tests                                    [string]
        --limit               At most this many samples, of training and of testing: a stratified prefix of a fixed
                              shuffle                                                                       [string]
        --set                 path=value: replace anything, such as program.parameters.gain=2 or hw.lanes=32 [array]
        --engine              Engine to use; results do not depend on it
                                                           [string] [choices: "fast", "reference"] [default: "fast"]
        --out                 Folder for report, weights, history, predictions and checkpoints              [string]
        --json                Write the report as JSON to a file, or to standard output with -              [string]
        --validate            Hold out a part of the training set, otherwise a sixth, and score it instead of the
                              test set, after each epoch too                                                [string]
        --resume              Go on with what is in --out; what is finished is not run again
                                                                                          [boolean] [default: false]
        --overwrite           Remove earlier results from --out first                     [boolean] [default: false]
        --checkpoint-seconds  Seconds between two checkpoints in --out, otherwise 60; the end of an epoch always is
                              one                                                                           [string]
        --record              Record fields and spikes of the first 10 samples scored into record.npz, such as
                              v:hidden,spikes:*                                                             [string]

      Everywhere:
        --help     Show help                                                                               [boolean]
        --version  Show version number                                                                     [boolean]
        --quiet    No progress and no messages, only results                              [boolean] [default: false]
        --debug    Stack traces with errors                                               [boolean] [default: false]

      Examples:
        plasticore run mnist-snn                                 learn MNIST on the embedded digits
        plasticore run mnist-snn --precision fp32                the same program on the float32 baseline
        plasticore run mnist-snn --data mnist/ --epochs 6 --out  the full set, with checkpoints
        runs/full
        plasticore run mnist-snn --validate                      score a sixth of the training set instead of the
                                                                 test set
        plasticore run mnist-snn --set hw.lanes=32 --set         another core, another network
        program.populations.hidden.size=128
        plasticore run digits.pcore --epochs 0 --json -          test a compiled image
      "
    `);
  });

  test('without a command says what is missing', () => {
    const { status, stderr } = plasticore([]);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr:
        'plasticore: a command is missing\n  plasticore --help lists the commands, plasticore COMMAND --help its options\n',
    });
  });
});
