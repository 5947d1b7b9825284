import type * as z from 'zod';
import type { Path } from '../text/index.ts';
import { VisitCompiler } from './compile.ts';
import { readyInput } from './controller-runner.ts';
import { ControllerState, SizeFault } from './controller-state.ts';
import { type ControllerShape, controllerShape } from './schema.ts';
import { Scope } from './scope.ts';

/** A controller as data, checked as far as it can be without a program. */
export const controllerSchema = controllerShape.superRefine(checkController);

/** What the schema describes. */
export type ControllerData = ControllerShape;

function checkController(shape: ControllerShape, context: z.core.$RefinementCtx): void {
  const seen = new Set<string>();
  const report = (path: Path, message: string, hint?: string): void => {
    const text = `${path.join('.')}: ${message}`;
    if (seen.has(text)) return;
    seen.add(text);
    context.addIssue({ code: 'custom', path: [...path], message, params: { hint } });
  };
  let held: ControllerState;
  try {
    held = new ControllerState(shape);
  } catch (error) {
    if (error instanceof SizeFault) report(error.path, error.message);
    else throw error;
    return;
  }
  for (const [index, name] of held.names.entries())
    if (held.names.indexOf(name) < index || ControllerState.builtIn.includes(name))
      report(
        [kindOf(shape, name)],
        `'${name}' has a meaning already: names of constants, registers, queues and tables differ`,
      );
  const compiler = new VisitCompiler(new Scope(held, undefined, report), shape);
  for (const [name, input] of Object.entries(shape.inputs)) readyInput(compiler, name, input);
  for (const name of Object.keys(shape.routines ?? {}))
    if (!compiler.called.has(name)) report(['routines', name], 'is called nowhere');
}

/** Where a name is stated, the last of several places. */
function kindOf(shape: ControllerShape, name: string): string {
  const kinds = ['tables', 'queues', 'registers', 'constants'] as const;
  return kinds.find((kind) => Object.hasOwn(shape[kind] ?? {}, name)) ?? 'inputs';
}
