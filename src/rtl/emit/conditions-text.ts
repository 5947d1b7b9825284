import { at } from '../../arrays/index.ts';
import type { Condition } from '../../image/index.ts';
import { indexBits } from '../plan/widths.ts';
import type { CoreContext } from './context.ts';
import { literal, vector } from './text.ts';

/** The operands of a command, or those that the core keeps of the last one. */
interface ConditionTerms {
  readonly learn: string;
  readonly replay: string;
  readonly interval: string;
  /** A bit for each size of a batch, whether the sample ends one. */
  readonly ends: string;
  /** Whether the step is one of those in which the condition holds. */
  readonly due: string | undefined;
}

/** Whether a condition names steps. */
function namesSteps({ from, until, every, last }: Condition): boolean {
  return from > 0 || until !== undefined || every > 1 || last > 0;
}

function textOf(
  { plan, widths }: CoreContext,
  { learning, pass, everySample, intervals }: Condition,
  { learn, replay, interval, ends, due }: ConditionTerms,
): string {
  const batch = everySample === undefined ? -1 : plan.batches.indexOf(everySample);
  const terms = [
    ...(learning ? [learn] : []),
    ...(pass === undefined ? [] : [pass === 'replay' ? replay : `~${replay}`]),
    ...(due === undefined ? [] : [due]),
    ...(batch < 0 ? [] : [`${ends}[${batch}]`]),
    ...(intervals === undefined
      ? []
      : [`(${intervals.map((one) => `${interval} == ${literal(one, widths.interval)}`).join(' | ')})`]),
  ];
  if (terms.length === 0) return "1'b1";
  return terms.length === 1 ? (terms[0] ?? '') : `(${terms.join(' & ')})`;
}

/** Whether a condition holds in the step that a command asks for. */
export function stepCondition(context: CoreContext, index: number): string {
  const condition = at(context.plan.conditions, index);
  const due = namesSteps(condition) ? `due_next_${index}` : undefined;
  const known = { learn: 'learn', replay: 'replay', interval: 'cmd_interval', ends: 'ends', due };
  return textOf(context, condition, known);
}

/** Whether it holds at the start of a sample, which counts as step 0. */
export function sampleCondition(context: CoreContext, index: number): string {
  const condition = at(context.plan.conditions, index);
  const { from, last } = condition;
  const due = from > 0 ? "1'b0" : last > 0 ? `(32'd${last} >= cmd_steps)` : undefined;
  const known = {
    learn: 'cmd_learn',
    replay: 'cmd_replay',
    interval: 'cmd_interval',
    ends: 'cmd_ends',
    due,
  };
  return textOf(context, condition, known);
}

/**
 * Conditions of lists. Whether the next step is one of those that a condition names is known before the step begins,
 * and kept while it lasts.
 */
export function conditionsText(context: CoreContext): string[] {
  return context.plan.conditions.flatMap((condition, index) => {
    const { from, until, every, last } = condition;
    const named = namesSteps(condition) ? `due_${index}` : undefined;
    const known = { learn: 'learn', replay: 'replay', interval: 'interval_now', ends: 'ends', due: named };
    const now = textOf(context, condition, known);
    const when = `wire when_${index} = ${now};`;
    if (!namesSteps(condition)) return [when];
    const phase = `phase_${index}`;
    const bits = indexBits(every);
    const due = [
      ...(from > 0 ? [`step_after >= 32'd${from}`] : []),
      ...(until === undefined ? [] : [`step_after < 32'd${until}`]),
      ...(every > 1 ? [`${phase}_after == ${literal(0, bits)}`] : []),
      ...(last > 0 ? [`step_after + 32'd${last} >= steps_after`] : []),
    ];
    const ofSample = from > 0 ? "1'b0" : last > 0 ? `32'd${last} >= cmd_steps` : "1'b1";
    return [
      ...(every > 1
        ? [
            `reg ${vector(bits)} ${phase};`,
            `wire ${vector(bits)} ${phase}_after = rst | (accept & ~cmd_step) ? ${literal((every - (from % every)) % every, bits)}`,
            `  : ~accept ? ${phase} : ${phase} == ${literal(every - 1, bits)} ? ${literal(0, bits)} : ${phase} + ${literal(1, bits)};`,
            `always @(posedge clk) ${phase} <= ${phase}_after;`,
          ]
        : []),
      `reg due_${index}, due_next_${index};`,
      'always @(posedge clk) begin',
      `  due_next_${index} <= ${due.join(' & ')};`,
      `  if (accept) due_${index} <= cmd_step ? due_next_${index} : ${ofSample};`,
      'end',
      when,
    ];
  });
}
