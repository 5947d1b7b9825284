import type { Argv, InferredOptionTypes, Options } from 'yargs';
import { type FileKind, PlasticoreError } from '../text/index.ts';
import type { Terminal } from './terminal.ts';

/** An option or an argument. */
export interface OptionRow extends Options {
  /** The kinds of bundled file whose names it accepts, for completion in a shell. */
  readonly completes?: readonly FileKind[];
  /** Its text is a list joined by commas, to which it adds where it is given again. */
  readonly isList?: boolean;
}
type OptionTable = Readonly<Record<string, OptionRow>>;
type Inferred<Table extends OptionTable> = InferredOptionTypes<{
  -readonly [Key in keyof Table]: Table[Key];
}>;
/** Converts `checkpoint-seconds` to its name in code: `checkpointSeconds`. */
type CamelCase<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name;
type Values<Table extends OptionTable> = {
  readonly [Key in keyof Inferred<Table> as CamelCase<Key & string>]: Inferred<Table>[Key];
};

/** Runs a command, given where it writes. */
export type CommandAction = (terminal: Terminal) => Promise<void> | void;

/** A command's entry in the help; the command itself is not loaded. */
export interface CommandEntry {
  /** Its name and positional arguments: `compile <program>`. */
  readonly usage: string;
  readonly summary: string;
  load(): Promise<Command>;
}

/** Commands with the same first word. */
export interface CommandGroup {
  readonly name: string;
  readonly summary: string;
  readonly commands: readonly CommandEntry[];
}

/** A command's arguments and what it does. */
export interface Command {
  readonly optionNames: readonly string[];
  readonly positionals: readonly string[];
  /** The kinds of bundled file whose names an option or an argument accepts. */
  completes(name: string): readonly FileKind[];
  /** Declares its options and arguments to yargs. */
  declare(yargs: Argv): Argv;
  /** @param values the values of the declared options and arguments */
  action(values: unknown): CommandAction;
}

/**
 * If an option that takes one value is repeated, the last value counts; a list takes them all. A refusal of a value
 * names the option.
 */
function reading(name: string, { array, coerce, isList }: OptionRow): (value: unknown) => unknown {
  const one = (values: unknown[]): unknown => (isList === true ? values.join(',') : values.at(-1));
  return (value) => {
    const given = array !== true && Array.isArray(value) ? one(value) : value;
    try {
      return coerce === undefined ? given : coerce(given);
    } catch (error) {
      if (!(error instanceof PlasticoreError)) throw error;
      throw new PlasticoreError(error.code, `--${name}: ${error.message}`, { hint: error.hint });
    }
  };
}

/** Values under the keys that code uses for them. */
function inCamelCase(values: object): object {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}

/** Defines a command; its table gives its options' types. Positional arguments are in the same table. */
export function defineCommand<const Table extends OptionTable>(definition: {
  /** Positional arguments, by the names that the entry's `usage` gives them. */
  readonly positionals: readonly (keyof Table & string)[];
  readonly options: Table;
  /** Examples: command lines (without `plasticore`) and what they do. */
  readonly examples: readonly (readonly [string, string])[];
  readonly run: (values: Values<Table>, terminal: Terminal) => Promise<void> | void;
}): Command {
  const { positionals, options, examples, run } = definition;
  const optionNames = Object.keys(options).filter((name) => !positionals.includes(name));
  return {
    positionals,
    completes: (name) => options[name]?.completes ?? [],
    optionNames,
    declare: (yargs) => {
      for (const name of positionals) {
        const { describe } = options[name] ?? {};
        yargs.positional(name, { type: 'string', ...(describe === undefined ? {} : { describe }) });
      }
      for (const [group, names] of inGroups(optionNames))
        for (const name of names) {
          const row = options[name] ?? {};
          const { completes: _, isList: __, ...own } = row;
          yargs.option(name, { ...own, coerce: reading(name, row), group });
        }
      for (const [line, what] of examples) yargs.example(`plasticore ${line}`, what);
      return yargs;
    },
    action: (values) => (terminal) => run(inCamelCase(values as object) as Values<Table>, terminal),
  };
}

/** Options of several commands, by purpose. The others are a command's own, and come first in its help. */
export const optionGroups = [
  {
    title: 'Network and core:',
    names: ['hw', 'chip', 'precision', 'seed', 'seeds', 'vary', 'set', 'weights', 'inference', 'placement'],
  },
  { title: 'Data:', names: ['data', 'encoder', 'epochs', 'limit', 'validate'] },
  { title: 'Where it runs:', names: ['engine', 'threads', 'workers', 'on', 'slurm-args'] },
  {
    title: 'Results:',
    names: [
      'out',
      'json',
      'neurobench',
      'record',
      'keep-states',
      'resume',
      'overwrite',
      'checkpoint-seconds',
    ],
  },
];
const own = 'Options:';

/** As many options are seen at a glance. */
const mostUngrouped = 6;

/** The options of a command under the titles of its help, as its table orders them. */
function inGroups(options: readonly string[]): ReadonlyMap<string, readonly string[]> {
  if (options.length <= mostUngrouped) return new Map([[own, options]]);
  const titleOf = (option: string) => optionGroups.find(({ names }) => names.includes(option))?.title ?? own;
  const titles = [own, ...optionGroups.map(({ title }) => title)];
  return new Map(titles.map((title) => [title, options.filter((option) => titleOf(option) === title)]));
}
