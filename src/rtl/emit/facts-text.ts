import type { Condition } from '../../image/index.ts';
import { at } from '../../text/index.ts';
import { indexBits } from '../plan/widths.ts';
import { type CoreContext, kernelNumber } from './context.ts';
import {
  cases,
  chosen,
  commentLine,
  literal,
  onClock,
  reg,
  type Verilog,
  vector,
  when,
  wire,
} from './verilog.ts';

/**
 * Facts that follow from the step that runs. The walker needs most of it after the step has started, and finds it in
 * registers then; where a start leads is looked up while it lasts.
 */
export function factsText(context: CoreContext): Verilog {
  const { plan, widths, run } = context;
  const { facts, starts } = plan;
  const kept = facts.filter(({ changes }) => changes);
  const declared = facts.map(({ name, bits, value, lowBits, changes }) =>
    changes
      ? run.declareLow(name, bits, lowBits)
      : wire(bits === 1 ? undefined : bits, name, literal(value, bits)),
  );
  const bitsOf = new Map(facts.map(({ name, lowBits }) => [name, lowBits]));
  const assigned = (name: string, value: number | bigint): string =>
    run.assign(name, value, bitsOf.get(name) ?? 1);
  const ofSteps = starts.flatMap(({ step, facts: own }) =>
    own.length === 0
      ? []
      : [
          [
            literal(step.number, widths.step),
            [step.kernel && commentLine(step.kernel.name), own.map(([name, value]) => assigned(name, value))],
          ] as const,
        ],
  );
  return [
    '// ---- the walker',
    '// what it knows of the step that runs, from its start on',
    declared,
    onClock(
      when('state == START', [kept.map(({ name, value }) => assigned(name, value)), cases('pc', ofSteps)]),
      run.resume(...kept.map(({ name }) => name)),
    ),
    startText(context),
  ];
}

/** The state that follows the start of each step, and what is needed in that cycle already. */
function startText(context: CoreContext): Verilog {
  const { lanes, step: stepBits, kernel: kernelBits } = context.widths;
  const isNamed = isNamedAtStart(context);
  const ofSteps = context.plan.starts.flatMap(({ step: { number, kernel }, state, allRows, within }) => {
    if (state === undefined) return [];
    const values = {
      start_state: state,
      ...(allRows && { start_all_rows: "1'b1" }),
      ...(within !== undefined && { start_within: literal(within, lanes) }),
      ...(kernel?.emits !== undefined && { start_emits: "1'b1" }),
      ...(kernel !== undefined && isNamed && { start_kernel: kernelNumber(context, kernel) }),
    };
    return [[literal(number, stepBits), values] as const];
  });
  return chosen(
    'pc',
    {
      ...{ start_state: 4, start_all_rows: undefined, start_emits: undefined, start_within: lanes },
      ...(isNamed && { start_kernel: kernelBits }),
    },
    ofSteps,
    { start_state: 'TILES', start_within: `{${lanes}{1'b1}}` },
  );
}

/** Whether the kernel has to be known while it starts: stored weights are walked from then on, and sums cleared. */
function isNamedAtStart({ plan, modules }: CoreContext): boolean {
  return (
    plan.kernels.some(({ walks }) => walks === 'weights') ||
    modules.some(
      ({ kernels, taps }) =>
        kernels.some((kernel) => plan.waiting.kernels.includes(kernel)) && taps.has('pass_start'),
    )
  );
}

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
export function conditionsText(context: CoreContext): Verilog {
  return context.plan.conditions.map((condition, index) => {
    const { from, until, every, last } = condition;
    const named = namesSteps(condition) ? `due_${index}` : undefined;
    const known = { learn: 'learn', replay: 'replay', interval: 'interval_now', ends: 'ends', due: named };
    const now = textOf(context, condition, known);
    const holds = `wire when_${index} = ${now};`;
    if (!namesSteps(condition)) return holds;
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
      every > 1 && [
        reg(bits, phase),
        `wire ${vector(bits)} ${phase}_after = rst | (accept & ~cmd_step) ? ${literal((every - (from % every)) % every, bits)}`,
        `  : ~accept ? ${phase} : ${phase} == ${literal(every - 1, bits)} ? ${literal(0, bits)} : ${phase} + ${literal(1, bits)};`,
        onClock(`${phase} <= ${phase}_after;`),
      ],
      reg(undefined, `due_${index}`, `due_next_${index}`),
      onClock(
        `due_next_${index} <= ${due.join(' & ')};`,
        `if (accept) due_${index} <= cmd_step ? due_next_${index} : ${ofSample};`,
      ),
      holds,
    ];
  });
}
