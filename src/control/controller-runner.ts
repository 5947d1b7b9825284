import { at } from '../arrays/index.ts';
import { PlasticoreError } from '../text/index.ts';
import type { Act } from './actions.ts';
import { VisitCompiler } from './compile.ts';
import { ControllerState, widthsOf } from './controller-state.ts';
import type { Cores } from './door.ts';
import type { ControllerShape } from './schema.ts';
import { type Locals, Scope } from './scope.ts';
import { fitTo } from './storage.ts';

/** The recording of one input, by record: rows of whole numbers. */
export type InputRecords = Readonly<Record<string, readonly (readonly number[])[]>>;

/** An input, ready to be sent. */
interface Ready {
  readonly takes: readonly {
    readonly variable: { value: number };
    readonly fits: (value: number) => boolean;
    readonly name: string;
  }[];
  readonly act: Act;
}

/** A controller as data, that runs cores. */
export class ControllerRunner {
  readonly #held: ControllerState;
  readonly #compiler: VisitCompiler;
  readonly #inputs: ReadonlyMap<string, Ready>;

  /**
   * @param shape checked
   * @param cores as many as it has
   * @throws PlasticoreError `image` where it names something that the program does not have
   */
  constructor(shape: ControllerShape, cores: Cores) {
    this.#held = new ControllerState(shape);
    const scope = new Scope(this.#held, cores, (path, message, hint) => {
      throw new PlasticoreError('image', `controller: ${path.join('.')}: ${message}`, { hint });
    });
    this.#compiler = new VisitCompiler(scope, shape);
    this.#inputs = new Map(
      Object.entries(shape.inputs).map(([name, input]) => [name, readyInput(this.#compiler, name, input)]),
    );
  }

  /** Cycles since the start. */
  get clock(): number {
    return this.#held.clock;
  }

  get counts(): { readonly pushes: number; readonly pops: number; readonly drops: number } {
    const { pushes, pops, drops } = this.#held;
    return { pushes, pops, drops };
  }

  /**
   * Makes the visits of an input.
   *
   * @throws PlasticoreError `data` for an input that it does not have, `run` where the controller is at fault
   */
  send(name: string, values: readonly number[]): void {
    const input = this.#inputs.get(name);
    if (input === undefined) throw new PlasticoreError('data', `there is no input '${name}'`);
    const { takes, act } = input;
    if (values.length !== takes.length)
      throw new PlasticoreError(
        'data',
        `input '${name}' takes ${takes.length} numbers, found ${values.length}`,
      );
    for (const [index, { variable, fits, name: taken }] of takes.entries()) {
      const value = at(values, index);
      if (!fits(value)) throw new PlasticoreError('data', `input '${name}': ${taken} does not hold ${value}`);
      variable.value = value;
    }
    this.#compiler.begin();
    act();
  }

  /** Records are made from here on. Without a listener, what a record would hold is not even computed. */
  listen(): void {
    this.#held.isHeard = true;
  }

  /** The recording since the last call. */
  takeRecords(): InputRecords {
    return Object.fromEntries(
      [...this.#held.logs].map(([name, log]) => {
        log.clocks.length = 0;
        return [name, log.values.splice(0)];
      }),
    );
  }

  /** The numbers of a register, or of a column of a table, in a core; undefined if there is none. */
  read(name: string, core: number): number[] | undefined {
    const numbers = this.#numbers(name);
    return numbers && this.#held.within(core, () => numbers.all());
  }

  /**
   * Replaces the first numbers of a register, or of a column of a table, in a core.
   *
   * @throws PlasticoreError `data` if there is none, or it holds fewer
   */
  write(name: string, core: number, values: readonly number[]): void {
    const numbers = this.#numbers(name);
    if (numbers === undefined)
      throw new PlasticoreError('data', `'${name}' is no register, and no column of a table (table.column)`);
    this.#held.within(core, () => {
      const { length } = numbers.all();
      if (values.length > length)
        throw new PlasticoreError('data', `'${name}' holds ${length} numbers, found ${values.length}`);
      for (const [index, value] of values.entries()) {
        numbers.set(index, value);
        if (numbers.get(index) !== value)
          throw new PlasticoreError('data', `'${name}' does not hold ${value}`);
      }
    });
  }

  #numbers(name: string) {
    const [first = '', column] = name.split('.');
    return column === undefined
      ? this.#held.registers.get(first)
      : this.#held.tables.get(first)?.columns.get(column);
  }
}

/** The number of cores that a controller has. */
export function controlledCores(shape: ControllerShape): number {
  return new ControllerState({ ...shape, registers: {}, queues: {}, tables: {}, records: {} }).cores;
}

/** The visits of an input, and the numbers that come with it. */
export function readyInput(
  compiler: VisitCompiler,
  name: string,
  { takes = {}, do: visits }: ControllerShape['inputs'][string],
): Ready {
  const cells = Object.entries(widthsOf(takes)).map(([taken, width]) => {
    const wrapped = fitTo(width);
    return { name: taken, variable: { value: 0 }, fits: (value: number) => wrapped(value) === value };
  });
  const locals: Locals = new Map(cells.map(({ name: taken, variable }) => [taken, { variable }]));
  return { takes: cells, act: compiler.list(visits, locals, ['inputs', name, 'do']) };
}
