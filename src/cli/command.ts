import type { Argv, InferredOptionTypes, Options } from 'yargs';
import type { Terminal } from './terminal.ts';

type OptionTable = Readonly<Record<string, Options>>;
type Values<Table extends OptionTable> = InferredOptionTypes<{ -readonly [Key in keyof Table]: Table[Key] }>;

/** What a command does, once it is known where it writes. */
export type Action = (terminal: Terminal) => Promise<void> | void;

/** One command of the command line, with its help. */
export interface Command {
  /** Its name and its positional arguments: `compile <program>`. */
  readonly usage: string;
  readonly summary: string;
  readonly optionNames: readonly string[];
  /** Tells yargs about it, and calls `run` when it is given. */
  attach(yargs: Argv, run: (action: Action) => void): void;
}

/** Commands that share a first word. */
export interface CommandGroup {
  readonly name: string;
  readonly summary: string;
  readonly commands: readonly Command[];
}

/** Of an option that takes one value and is given more than once, the last value counts; a list takes them all. */
function once({ array }: Options): (value: unknown) => unknown {
  return (value) => (array !== true && Array.isArray(value) ? value.at(-1) : value);
}

/** Defines a command; its options' types are those of its table. Positional arguments are in the same table. */
export function defineCommand<const Table extends OptionTable>(definition: {
  readonly usage: string;
  readonly summary: string;
  /** Positional arguments, by the names that `usage` gives them. */
  readonly positionals: readonly (keyof Table & string)[];
  readonly options: Table;
  /** Command lines (without `plasticore`) and what they do. */
  readonly examples: readonly (readonly [string, string])[];
  readonly run: (values: Values<Table>, terminal: Terminal) => Promise<void> | void;
}): Command {
  const { usage, summary, positionals, options, examples } = definition;
  return {
    usage,
    summary,
    optionNames: Object.keys(options).filter((name) => !positionals.includes(name)),
    attach: (yargs, run) => {
      yargs.command(
        usage,
        summary,
        (builder) => {
          for (const [name, option] of Object.entries(options)) {
            if (positionals.includes(name)) {
              const { describe } = option;
              builder.positional(name, {
                type: 'string',
                ...(describe === undefined ? {} : { describe }),
              });
            } else builder.option(name, { coerce: once(option), ...option, group: 'Options:' });
          }
          for (const [line, what] of examples) builder.example(`$0 ${line}`, what);
          return builder;
        },
        (values) => run((terminal) => definition.run(values as unknown as Values<Table>, terminal)),
      );
    },
  };
}
