import type { FunctionBuilder, FunctionHandle, I32, ModuleBuilder } from '../../../../wasm/index.ts';
import type { Probe } from '../../../probe.ts';

/**
 * The hooks of a probe that code calls, with the number of their arguments. An event of the FIFO is reported by its
 * trigger (see `triggerOf`) and its neuron.
 */
const hookArguments = {
  began: 2,
  ended: 1,
  spiked: 2,
  pushed: 2,
  popped: 2,
  dropped: 2,
} satisfies Partial<Record<keyof Probe, number>>;

export type HookName = keyof typeof hookArguments;

/** The hooks that a probe has: a module's code calls these and no others. */
export function hooksOf(probe: Probe): HookName[] {
  return hookNames.filter((name) => probe[name] !== undefined);
}

const hookNames: readonly HookName[] = ['began', 'ended', 'spiked', 'pushed', 'popped', 'dropped'];

/** Calls of a probe's hooks, which are functions of the host. A hook that the probe lacks leaves no code. */
export class Hooks {
  readonly #functions = new Map<HookName, FunctionHandle>();

  constructor(module: ModuleBuilder, names: readonly HookName[]) {
    for (const name of names) {
      const params = new Array<'i32'>(hookArguments[name]).fill('i32');
      this.#functions.set(name, module.importFunction('probe', name, { params, results: [] }));
    }
  }

  /** Whether anything is reported: then events are served one by one, in the order of the reference engine. */
  get isAny(): boolean {
    return this.#functions.size > 0;
  }

  has(name: HookName): boolean {
    return this.#functions.has(name);
  }

  call(f: FunctionBuilder, name: HookName, ...args: readonly I32[]): void {
    const hook = this.#functions.get(name);
    if (hook !== undefined) f.call(hook, ...args);
  }
}
