import type * as z from 'zod';
import type { Path } from '../text/index.ts';
import { ControllerCode } from './code.ts';
import { SizeFault, StateLayout } from './layout.ts';
import { type ControllerShape, controllerShape } from './schema.ts';
import { writeVisits } from './visits.ts';

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
  let layout: StateLayout;
  try {
    layout = new StateLayout(shape);
  } catch (error) {
    if (error instanceof SizeFault) report(error.path, error.message);
    else throw error;
    return;
  }
  for (const [index, name] of layout.names.entries())
    if (layout.names.indexOf(name) < index || StateLayout.taken.includes(name))
      report(
        [kindOf(shape, name)],
        `'${name}' has a meaning already: names of constants, registers, queues and tables differ`,
      );
  const { called } = writeVisits(new ControllerCode(layout, undefined, report), shape);
  for (const name of Object.keys(shape.routines ?? {}))
    if (!called.has(name)) report(['routines', name], 'is called nowhere');
}

interface UsedByController {
  /** The events that it runs. */
  readonly events: ReadonlySet<string>;
  /** The fields that its formulas read, by name; those of records are for whoever listens. */
  readonly fields: ReadonlySet<string>;
}

/** What a controller uses of its program. */
export interface ControllerUses {
  readonly all: UsedByController;
  /** While its inputs are told that the chip does not learn (`learns` is 0). */
  readonly inference: UsedByController;
}

/** What a checked controller uses of its program, found by writing its code. */
export function usesOf(shape: ControllerData): ControllerUses {
  const used = (learns: boolean): UsedByController => {
    const uses = { events: new Set<string>(), fields: new Set<string>(), learns };
    writeVisits(new ControllerCode(new StateLayout(shape), undefined, () => undefined, uses), shape);
    return uses;
  };
  return { all: used(true), inference: used(false) };
}

/** Where a name is stated, the last of several places. */
function kindOf(shape: ControllerShape, name: string): string {
  const kinds = ['tables', 'queues', 'registers', 'constants'] as const;
  return kinds.find((kind) => Object.hasOwn(shape[kind] ?? {}, name)) ?? 'inputs';
}
