import type { ActionSpec, Program } from '../../program/index.ts';
import { touchedBy, weightOf } from './action-access.ts';
import { isGroup, listsOf } from './lists.ts';

/**
 * The actions that matter: those that do not wait for learning, and of the others those that change a weight, a spike,
 * the answer, or a field that an action reads which matters.
 *
 * @param leftOut actions that are not there
 */
export function liveActions(
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
    for (const { list } of listsOf(program)) visit(list, false, false);
  }
  return live;
}
