import type { CommandEntry, CommandGroup } from './command.ts';

/**
 * Every command, in the order of the help. A new one is an entry here. Each is loaded when it is called, because what
 * some need takes the others long to load.
 */
export const commands: readonly (CommandEntry | CommandGroup)[] = [
  {
    usage: 'run <experiment>',
    summary: 'Run one cell of an experiment, or an image: learn, test, report',
    load: async () => (await import('./commands/run.ts')).run,
  },
  {
    usage: 'sweep <experiment>',
    summary:
      'Run all cells of an experiment, its precisions with its seeds and what it varies, and compare them',
    load: async () => (await import('./commands/sweep.ts')).sweep,
  },
  {
    usage: 'report <folder>',
    summary: 'One HTML page from the results of a run or a sweep: charts, tables, rasters, weights',
    load: async () => (await import('./commands/report.ts')).report,
  },
  {
    usage: 'compile <program>',
    summary: 'Compile a program for a core into an image',
    load: async () => (await import('./commands/compile.ts')).compile,
  },
  {
    usage: 'inspect <file>',
    summary:
      'Look into an image, an experiment or a program: memory map, microcode with ranges, cost of each kernel and what binds it',
    load: async () => (await import('./commands/inspect.ts')).inspect,
  },
  {
    usage: 'memory <program>',
    summary: 'Memory of a program on a core, field by field, and what each precision saves: no run',
    load: async () => (await import('./commands/memory.ts')).memory,
  },
  {
    usage: 'golden <experiment>',
    summary: 'Write a golden trace: all that the core does on a few samples',
    load: async () => (await import('./commands/golden.ts')).golden,
  },
  {
    usage: 'verify <trace>',
    summary: 'Replay a golden trace: identical, or the first divergence',
    load: async () => (await import('./commands/verify.ts')).verify,
  },
  {
    usage: 'list',
    summary: 'The bundled experiments, programs, rules and hw-models',
    load: async () => (await import('./commands/list.ts')).list,
  },
  {
    name: 'hw',
    summary: 'List, show and check hw-models',
    commands: [
      {
        usage: 'list',
        summary: 'The bundled hw-models',
        load: async () => (await import('./commands/hw.ts')).hwList,
      },
      {
        usage: 'show <name>',
        summary: 'Every figure of an hw-model with its source, and its area',
        load: async () => (await import('./commands/hw.ts')).hwShow,
      },
      {
        usage: 'check <file>',
        summary: 'Check an hw-model',
        load: async () => (await import('./commands/hw.ts')).hwCheck,
      },
    ],
  },
  {
    name: 'data',
    summary: 'List, check and fetch data sets',
    commands: [
      {
        usage: 'list',
        summary: 'Data sets that come with the package, files that are read, and encoders',
        load: async () => (await import('./commands/data-list.ts')).dataList,
      },
      {
        usage: 'check [path]',
        summary: 'Describe a data set and find what is wrong with it',
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
    usage: 'init <folder>',
    summary: 'Start a project: an experiment, a program with its rules, and a core of your own',
    load: async () => (await import('./commands/init.ts')).init,
  },
];
