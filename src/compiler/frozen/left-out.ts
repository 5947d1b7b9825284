import { type ActionSpec, connectionOf, type Program, refuse } from '../../program/index.ts';
import { option, PlasticoreError } from '../../text/index.ts';
import {
  actionsOf,
  isGroup,
  type ListedAction,
  namesShadow,
  programLists,
  touchedBy,
  weightOf,
} from './actions.ts';

/** The parts of a program that a core leaves out because some or all of its projections do not learn. */
export interface LeftOut {
  readonly actions: ReadonlySet<ActionSpec>;
  /** Fields that no action uses any more, `owner.field`; `projection.weight` for weights of either kind. */
  readonly fields: ReadonlySet<string>;
  /** Projections that have nothing left that an action uses. */
  readonly projections: ReadonlySet<string>;
  /** Projections whose rows no spike visits any more, so that nothing waits for their delays. */
  readonly delays: ReadonlySet<string>;
  /** Projections with shadow weights. */
  readonly plastic: ReadonlySet<string>;
  /** Projections whose rule is left out: their weights are cut from the shadow weights that they would start with. */
  readonly cut: ReadonlySet<string>;
}

/**
 * Finds what a program leaves out.
 *
 * Inference alone leaves out every action that waits for learning, and every field that no other action uses. So what
 * remains computes what the whole program computes while it does not learn.
 *
 * A frozen projection leaves out the rules that store its shadow weights; then the actions that wait for learning and
 * no longer matter, and the fields that lose their last use with them.
 *
 * @throws PlasticoreError for a frozen projection without weights, a rule that does more than change them, and a chip
 * whose controller decides when it learns
 */
export function leftOutOf(program: Program, isInference: boolean): LeftOut {
  const all = actionsOf(program);
  const frozen = Object.entries(program.spec.projections).flatMap(([name, { frozen }]) =>
    frozen === true ? [name] : [],
  );
  if (isInference) refuseController(program, option('inference'));
  for (const name of frozen) checkFrozen(program, name);
  const before = usesOf(program, all);
  if (frozen.length === 0 && !isInference) return { ...nothing, plastic: before.changed };
  const actions = new Set<ActionSpec>();
  if (frozen.length > 0) {
    const lively = liveActions(program, actions);
    for (const { action, path } of all) {
      if (!frozen.includes(action.over ?? '') || !namesShadow(program, action, 'stores')) continue;
      checkRule(program, action, path);
      actions.add(action);
    }
    const live = liveActions(program, actions);
    for (const { action } of all) if (lively.has(action) && !live.has(action)) actions.add(action);
  }
  if (isInference) for (const { action, isLearning } of all) if (isLearning) actions.add(action);
  const after = usesOf(
    program,
    all.filter(({ action }) => !actions.has(action)),
  );
  const lost = (names: Iterable<string>, had: ReadonlySet<string>, has: ReadonlySet<string>): Set<string> =>
    new Set([...names].filter((name) => !has.has(name) && (isInference || had.has(name))));
  const isPlastic = (name: string): boolean => after.changed.has(name) || after.shadows.has(name);
  const fields = lost(fieldsOf(program), before.fields, after.fields);
  const projections = Object.entries(program.spec.projections).flatMap(([name, projection]) => {
    const own = Object.keys(projection.fields).map((field) => `${name}.${field}`);
    const isLost = [weightOf(name), ...own].every((field) => fields.has(field));
    return isLost && !after.visited.has(name) ? [name] : [];
  });
  return {
    actions,
    fields,
    projections: new Set(projections),
    delays: new Set([...before.rows].filter((name) => !after.rows.has(name))),
    plastic: new Set([...before.changed].filter(isPlastic)),
    cut: new Set([...before.changed].filter((name) => !isPlastic(name))),
  };
}

const none: ReadonlySet<never> = new Set();
const nothing = { actions: none, fields: none, projections: none, delays: none, cut: none };

/** The kernels and fields that actions use. */
interface Uses {
  readonly fields: ReadonlySet<string>;
  /** Projections that kernels run over. */
  readonly visited: ReadonlySet<string>;
  /** Those that they visit row by row. */
  readonly rows: ReadonlySet<string>;
  /** Projections whose shadow weights kernels store, and those whose shadow weights they name at all. */
  readonly changed: ReadonlySet<string>;
  readonly shadows: ReadonlySet<string>;
}

function usesOf(program: Program, listed: readonly ListedAction[]): Uses {
  const { readout } = program.spec;
  const fields = new Set<string>(readout === undefined ? [] : [readout]);
  const visited = new Set<string>();
  const rows = new Set<string>();
  const changed = new Set<string>();
  const shadows = new Set<string>();
  for (const { action } of listed) {
    const { run, over = '', clear } = action;
    // Zeros that nothing reads are of no use.
    if (clear !== undefined) continue;
    const { reads, writes } = touchedBy(program, action);
    for (const field of [...reads, ...writes]) fields.add(field);
    if (run === undefined) continue;
    visited.add(over);
    if ((action.only ?? program.kernels.get(run)?.domain) === 'row') rows.add(over);
    if (namesShadow(program, action, 'stores')) changed.add(over);
    if (namesShadow(program, action, 'uses')) shadows.add(over);
  }
  return { fields, visited, rows, changed, shadows };
}

/**
 * The fields of a program that may be left out; `projection.weight` for its weights. A record that keeps a value once
 * for each word stays whole, since its items say how many a word has.
 */
function fieldsOf({ spec }: Program): string[] {
  const owners = [...Object.entries(spec.populations), ...Object.entries(spec.projections)];
  const declared = owners.flatMap(([owner, { fields }]) => {
    const whole = Object.values(fields).flatMap(({ perWord, record }) => (perWord === true ? [record] : []));
    return Object.entries(fields).flatMap(([name, { record }]) =>
      record !== undefined && whole.includes(record) ? [] : [`${owner}.${name}`],
    );
  });
  return [...declared, ...Object.keys(spec.projections).map(weightOf)];
}

function checkFrozen(program: Program, name: string): void {
  const path = ['projections', name, 'frozen'];
  const { weights } = program.spec.projections[name] ?? {};
  if (weights === 'none' || connectionOf(program, name).weightRows === 0)
    refuse(program, path, `'${name}' has no weights that could be frozen`, `leave 'frozen' out`);
  refuseController(program, `'frozen'`, path);
}

function refuseController(program: Program, what: string, path?: readonly (string | number)[]): void {
  if (Object.keys(program.spec.events.on).length === 0) return;
  throw new PlasticoreError(
    'invalid-value',
    `${what}: a controller triggers the events of '${program.spec.name}' and decides when it learns`,
    path === undefined ? {} : program.locate(path),
  );
}

/** A rule that is left out may do nothing else that matters. */
function checkRule(program: Program, action: ActionSpec, path: readonly (string | number)[]): void {
  const { run = '', over = '' } = action;
  const { writes, emits } = touchedBy(program, action);
  const other = [...writes].find((field) => field !== weightOf(over));
  if (!emits && other === undefined) return;
  refuse(
    program,
    path,
    `kernel '${run}' changes weights of '${over}', which is frozen, and also ${emits ? 'emits spikes' : `writes ${other}`}`,
    'split the kernel in two, so that the rule can be left out',
  );
}

/**
 * The actions that matter: those that do not wait for learning, and of the others those that change a weight, a spike,
 * the answer, or a field that an action reads which matters.
 *
 * @param leftOut actions that are not there
 */
function liveActions(
  program: Pick<Program, 'spec' | 'kernels'>,
  leftOut: ReadonlySet<ActionSpec>,
): ReadonlySet<ActionSpec> {
  const { projections, readout, replay } = program.spec;
  const fields = new Set([
    ...Object.keys(projections).map(weightOf),
    ...(readout === undefined ? [] : [readout]),
  ]);
  const live = new Set<ActionSpec>();

  /** Whether any action of a list matters. A test matters if the actions after it do, so lists are read backwards. */
  function visit(list: readonly ActionSpec[], learning: boolean, isReplayed: boolean): boolean {
    let isAny = false;
    for (const action of list.toReversed()) {
      if (leftOut.has(action)) continue;
      const ofReplay = isReplayed || action.pass === 'replay';
      const isLearning = learning || action.when === 'learning' || ofReplay;
      if (isGroup(action)) isAny = visit(action.do ?? [], isLearning, ofReplay) || isAny;
      else if (matters(action, isLearning, isAny)) {
        isAny = true;
        // The field that decides whether there is a replay.
        if (ofReplay && replay !== undefined) fields.add(replay);
      }
    }
    return isAny;
  }

  function matters(action: ActionSpec, isLearning: boolean, isFollowed: boolean): boolean {
    const { reads, writes, emits } = touchedBy(program, action);
    const isTest = action.stopUnlessAny !== undefined;
    const isLive =
      !isLearning ||
      action.deliver !== undefined ||
      emits ||
      (isTest ? isFollowed : [...writes].some((field) => fields.has(field)));
    if (!isLive) return false;
    live.add(action);
    for (const field of reads) fields.add(field);
    return true;
  }

  for (let before = -1; before < live.size + fields.size; ) {
    before = live.size + fields.size;
    for (const { list } of programLists(program)) visit(list, false, false);
  }
  return live;
}
