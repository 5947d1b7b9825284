import { type FunctionBuilder, type Local, ModuleBuilder, type ValueType } from '../../builder/index.ts';
import type { Constant } from './value.ts';

/**
 * Values that a kernel computes once, before its loops: vectors of constants above all.
 *
 * Code is written front to back, but what its loops will need is known only when they are written. So the loops are
 * written twice: first into a scratch function, which gathers the constants, then in earnest, after them.
 */
export class Constants {
  readonly #f: FunctionBuilder;
  readonly #known = new Map<string, Local>();
  readonly #recipes: { key: string; type: ValueType; put: (constants: Constants) => void }[] = [];

  constructor(f: FunctionBuilder) {
    this.#f = f;
  }

  get f(): FunctionBuilder {
    return this.#f;
  }

  /**
   * The variable that holds a constant.
   *
   * @param put puts its value on the stack of the `f` that it is given, and may use constants itself
   */
  get(key: string, type: ValueType, put: (constants: Constants) => void): Local {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const local = this.#f.local(type);
    put(this);
    this.#f.set(local);
    this.#known.set(key, local);
    this.#recipes.push({ key, type, put });
    return local;
  }

  /** A constant as an i32. */
  scalar(constant: Constant): Local {
    return this.get(`i32 ${constant.key}`, 'i32', ({ f }) => constant.put(f));
  }

  /** Computes here all constants that another function's code turned out to need. */
  computeAll(other: Constants): void {
    for (const { key, type, put } of other.#recipes) this.get(key, type, put);
  }
}

/**
 * Writes code that may use constants, behind the code that computes those that it uses.
 *
 * @param variables what the code uses of `f`; it gets them, or what stands for them in the function that is thrown away
 */
export function withConstants(
  f: FunctionBuilder,
  variables: readonly Local[],
  write: (constants: Constants, variables: readonly Local[]) => void,
): void {
  const gathered = gatherConstants((scratch) => {
    const constants = new Constants(scratch);
    write(
      constants,
      variables.map(({ type }) => scratch.local(type)),
    );
    return constants;
  });
  const constants = new Constants(f);
  constants.computeAll(gathered);
  write(constants, variables);
}

/** Writes code that is thrown away, to learn which constants it needs. */
function gatherConstants(write: (scratch: FunctionBuilder) => Constants): Constants {
  const module = new ModuleBuilder();
  let gathered: Constants | undefined;
  module.function('scratch', { params: [], results: [] }, (scratch) => {
    gathered = write(scratch);
  });
  if (gathered === undefined) throw new Error('the scratch function was not written');
  return gathered;
}
