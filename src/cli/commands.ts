import type { CommandEntry, CommandGroup } from './command.ts';

/** Commands that serve one purpose, under a title of the help. */
interface Section {
  readonly title: string;
  readonly commands: readonly (CommandEntry | CommandGroup)[];
}

/**
 * Every command, as the help lists them. To add one, add an entry here. A command is loaded only when it is called,
 * because the dependencies of some load slowly.
 */
export const sections: readonly Section[] = [
  {
    title: 'Run and compare:',
    commands: [
      {
        usage: 'run <experiment>',
        summary: 'Run one cell of an experiment, or an image: learn, test, report',
        load: async () => (await import('./commands/run.ts')).run,
      },
      {
        usage: 'sweep <experiment>',
        summary:
          'Run and compare all cells of an experiment: its precisions, its seeds and the values it varies',
        load: async () => (await import('./commands/sweep.ts')).sweepCommand,
      },
      {
        usage: 'explore <experiment>',
        summary:
          'Search for the best designs of chip and network: those that no other equals in everything and beats in something',
        load: async () => (await import('./commands/explore.ts')).exploreCommand,
      },
      {
        usage: 'compare <experiment>',
        summary:
          'Run one network on several chips: fit, memory, accuracy, energy and latency beside each other',
        load: async () => (await import('./commands/compare.ts')).compareCommand,
      },
      {
        usage: 'report <folder>',
        summary: 'Make one HTML page from the results of a run or a sweep: charts, tables, rasters, weights',
        load: async () => (await import('./commands/report.ts')).report,
      },
      {
        usage: 'reprice <run>',
        summary: 'Print what a finished run would have cost on another core that does the same',
        load: async () => (await import('./commands/reprice.ts')).repriceCommand,
      },
    ],
  },
  {
    title: 'Look inside:',
    commands: [
      {
        usage: 'inspect <file>',
        summary:
          'Look into an image, an experiment or a program: memory map, microcode with ranges, cost of each kernel and what bounds it; or its memory, field by field and at each precision',
        load: async () => (await import('./commands/inspect.ts')).inspect,
      },
      {
        usage: 'fit <experiment>',
        summary:
          'Print how much of a chip a network needs; if it does not fit, the changes that make it fit, tried by the compiler',
        load: async () => (await import('./commands/fit.ts')).fit,
      },
      {
        usage: 'diff <one> <other>',
        summary: 'Print the differences between two runs, images, experiments or programs',
        load: async () => (await import('./commands/diff.ts')).diff,
      },
      {
        usage: 'watch <experiment>',
        summary:
          'Train on a few samples and print what each kernel writes: ranges, saturation, sizes of updates',
        load: async () => (await import('./commands/watch.ts')).watch,
      },
      {
        usage: 'trace <experiment>',
        summary:
          'Write what a machine does in a window of steps: waveforms for GTKWave, a timeline for Perfetto',
        load: async () => (await import('./commands/trace.ts')).trace,
      },
    ],
  },
  {
    title: 'Exchange with other tools:',
    commands: [
      {
        usage: 'compile <program>',
        summary: 'Compile a program for a core into an image',
        load: async () => (await import('./commands/compile.ts')).compileCommand,
      },
      {
        usage: 'export <from>',
        summary:
          'Write the weights of an image or a run for numpy, its memories for an RTL, or its network as NIR',
        load: async () => (await import('./commands/export.ts')).exportCommand,
      },
      {
        usage: 'rtl <file>',
        summary: 'Write the core of a network as SystemVerilog, with a test bench that a simulator runs',
        load: async () => (await import('./commands/rtl.ts')).rtl,
      },
      {
        usage: 'import <file>',
        summary: 'Make a program of a network in NIR, in integers, and compare it with the network in floats',
        load: async () => (await import('./commands/import.ts')).importCommand,
      },
    ],
  },
  {
    title: 'Check against golden traces:',
    commands: [
      {
        usage: 'golden <experiment>',
        summary: 'Write a golden trace: everything that the core does on a few samples',
        load: async () => (await import('./commands/golden.ts')).golden,
      },
      {
        usage: 'verify <trace>',
        summary:
          "Replay a golden trace: identical, or the first divergence; or write a bench that makes a chip's own RTL do what it states",
        load: async () => (await import('./commands/verify.ts')).verify,
      },
    ],
  },
  {
    title: 'Set up, and find what there is:',
    commands: [
      {
        usage: 'init [folder]',
        summary: 'Start a project: an experiment, a program with its rules, and a core to change; or a chip',
        load: async () => (await import('./commands/init.ts')).init,
      },
      {
        usage: 'list [kind]',
        summary: 'List the bundled experiments, programs, rules, hw-models or data sets',
        load: async () => (await import('./commands/list.ts')).listCommand,
      },
      {
        name: 'hw',
        summary: 'Show and check hw-models, and estimate their figures',
        commands: [
          {
            usage: 'show <name>',
            summary: 'Show every figure of an hw-model with its source, and its area',
            load: async () => (await import('./commands/hw.ts')).hwShow,
          },
          {
            usage: 'check <file>',
            summary: 'Check an hw-model',
            load: async () => (await import('./commands/hw.ts')).hwCheck,
          },
          {
            usage: 'estimate <part>',
            summary: 'Estimate energy, leakage, area and time of a part from its shape, with their intervals',
            load: async () => (await import('./commands/hw-estimate.ts')).hwEstimate,
          },
        ],
      },
      {
        name: 'data',
        summary: 'Check a data set, also a CSV or images of your own, and fetch published ones',
        commands: [
          {
            usage: 'check [path]',
            summary: 'Describe a data set and find its faults',
            load: async () => (await import('./commands/data-check.ts')).dataCheck,
          },
          {
            usage: 'fetch <name>',
            summary: 'Download a published data set, check it and unpack it',
            load: async () => (await import('./commands/data-fetch.ts')).dataFetch,
          },
        ],
      },
      {
        usage: 'playground',
        summary: 'Serve a page, to this computer alone, on which a core learns while you change it',
        load: async () => (await import('./commands/playground.ts')).playground,
      },
    ],
  },
];

export const commands = sections.flatMap((section) => section.commands);

/** Commands that have become a part of others, and what to call now; they go with the next release. */
export const formerCommands: readonly (readonly [was: readonly string[], is: readonly string[]])[] = [
  [['memory'], ['inspect', '--memory']],
  [
    ['hw', 'list'],
    ['list', 'hw-models'],
  ],
  [
    ['data', 'list'],
    ['list', 'data'],
  ],
];
