import type { Argv, InferredOptionTypes, Options } from 'yargs';
import type { Terminal } from './terminal.ts';

type OptionTable = Readonly<Record<string, Options>>;
type Values<Table extends OptionTable> = InferredOptionTypes<{ -readonly [Key in keyof Table]: Table[Key] }>;

/** What a command does, once it is known where it writes. */
export type Action = (terminal: Terminal) => Promise<void> | void;

/** A command as the help lists it, not loaded. */
export interface CommandEntry {
  /** Its name and its positional arguments: `compile <program>`. */
  readonly usage: string;
  readonly summary: string;
  load(): Promise<Command>;
}

/** Commands that share a first word. */
export interface CommandGroup {
  readonly name: string;
  readonly summary: string;
  readonly commands: readonly CommandEntry[];
}

/** What a command takes, and does. */
export interface Command {
  readonly optionNames: readonly string[];
  /** Tells yargs what it takes. */
  declare(yargs: Argv): Argv;
  /** @param values of what `declare` says */
  action(values: unknown): Action;
}

/** Of an option that takes one value and is given more than once, the last value counts; a list takes them all. */
function once({ array }: Options): (value: unknown) => unknown {
  return (value) => (array !== true && Array.isArray(value) ? value.at(-1) : value);
}

/** Defines a command; its options' types are those of its table. Positional arguments are in the same table. */
export function defineCommand<const Table extends OptionTable>(definition: {
  /** Positional arguments, by the names that its entry's `usage` gives them. */
  readonly positionals: readonly (keyof Table & string)[];
  readonly options: Table;
  /** Command lines (without `plasticore`) and what they do. */
  readonly examples: readonly (readonly [string, string])[];
  readonly run: (values: Values<Table>, terminal: Terminal) => Promise<void> | void;
}): Command {
  const { positionals, options, examples, run } = definition;
  return {
    optionNames: Object.keys(options).filter((name) => !positionals.includes(name)),
    declare: (yargs) => {
      for (const [name, option] of Object.entries(options)) {
        if (positionals.includes(name)) {
          const { describe } = option;
          yargs.positional(name, {
            type: 'string',
            ...(describe === undefined ? {} : { describe }),
          });
        } else yargs.option(name, { coerce: once(option), ...option, group: 'Options:' });
      }
      for (const [line, what] of examples) yargs.example(`plasticore ${line}`, what);
      return yargs;
    },
    action: (values) => (terminal) => run(values as Values<Table>, terminal),
  };
}
