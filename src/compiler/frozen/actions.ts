import { type FieldName, indexField, operationNamed } from '../../isa/index.ts';
import type { ActionSpec, Program } from '../../program/index.ts';
import type { Path } from '../../text/index.ts';

/** An action of a program, a member of a group included. */
export interface ListedAction {
  readonly action: ActionSpec;
  readonly path: Path;
  /** Whether it runs only while the core learns. */
  readonly isLearning: boolean;
}

/** The lists of a program, each with its path. */
export function programLists({ spec }: Pick<Program, 'spec'>): { list: readonly ActionSpec[]; path: Path }[] {
  const { sample, tick, spike, previousSpike, on } = spec.events;
  const named = Object.entries({ spike, previousSpike, on }).flatMap(([kind, lists]) =>
    Object.entries(lists).map(([name, list]) => ({ list, path: ['events', kind, name] })),
  );
  return [{ list: sample, path: ['events', 'sample'] }, { list: tick, path: ['events', 'tick'] }, ...named];
}

/** Whether an action is a group. */
export const isGroup = ({ run, do: inner }: ActionSpec): boolean => run === undefined && inner !== undefined;

/** All actions of a program but groups, in text order. */
export function actionsOf(program: Pick<Program, 'spec'>): ListedAction[] {
  const within = (list: readonly ActionSpec[], path: Path, learning: boolean): ListedAction[] =>
    list.flatMap((action, index) => {
      const isLearning = learning || action.when === 'learning' || action.pass === 'replay';
      const here = [...path, index];
      return isGroup(action)
        ? within(action.do ?? [], [...here, 'do'], isLearning)
        : [{ action, path: here, isLearning }];
    });
  return programLists(program).flatMap(({ list, path }) => within(list, path, false));
}

/** The fields that an action reads and writes, `owner.field`, and whether it emits spikes. */
export interface ActionAccess {
  readonly reads: ReadonlySet<string>;
  readonly writes: ReadonlySet<string>;
  readonly emits: boolean;
}

type Code = Pick<Program, 'spec' | 'kernels'>;

/** The field for both of a projection's weights: a rule that writes the shadow weight changes the other, too. */
export const weightOf = (projection: string): string => `${projection}.weight`;

/** The fields that a single action touches; the members of a group are actions of their own. */
export function touchedBy({ spec, kernels }: Code, action: ActionSpec): ActionAccess {
  const { run = '', over = '', clear = [], hold = [], stopUnlessAny } = action;
  const reads = new Set<string>([...hold, ...(stopUnlessAny === undefined ? [] : [stopUnlessAny])]);
  const writes = new Set<string>([...hold, ...clear]);
  const kernel = kernels.get(run);
  if (kernel === undefined) return { reads, writes, emits: false };
  const projection = spec.projections[over];
  const owners: Readonly<Record<string, string>> =
    projection === undefined ? { self: over } : { pre: projection.from, post: projection.to, syn: over };
  const add = (to: Set<string>, { role, field }: FieldName): void => {
    const owner = owners[role];
    if (owner === undefined || field === indexField) return;
    const isShadow = role === 'syn' && field === 'shadow' && projection?.weights !== 'none';
    to.add(isShadow ? weightOf(owner) : `${owner}.${field}`);
  };
  for (const gate of [kernel.rowGate, kernel.columnGate]) if (gate !== undefined) add(reads, gate);
  for (const { mnemonic, operands } of kernel.body) {
    const { does } = operationNamed(mnemonic).effect;
    for (const operand of operands)
      if (operand.is === 'field') add(does === 'store' || does === 'reduce' ? writes : reads, operand);
  }
  const emits = kernel.body.some(({ mnemonic }) => operationNamed(mnemonic).effect.does === 'emit');
  return { reads, writes, emits };
}

/** Whether an action runs a kernel that names the shadow weight of a projection: to store it, or at all. */
export function namesShadow({ spec, kernels }: Code, action: ActionSpec, how: 'stores' | 'uses'): boolean {
  const { run = '', over = '' } = action;
  // Where kernels cut inference weights, they store these, too.
  const names =
    spec.projections[over]?.cut === undefined || how === 'uses' ? ['shadow'] : ['shadow', 'weight'];
  const isNamed = kernels
    .get(run)
    ?.body.some(
      ({ mnemonic, operands }) =>
        (how === 'uses' || operationNamed(mnemonic).effect.does === 'store') &&
        operands.some(
          (operand) => operand.is === 'field' && operand.role === 'syn' && names.includes(operand.field),
        ),
    );
  return isNamed === true;
}
