import type { DeliverySource, List } from '../plan/core-plan.ts';
import type { CoreContext } from './context.ts';
import { conditionsText, sampleCondition, stepCondition } from './facts-text.ts';
import { endOf, firstOfEvent, ifAll } from './next-step-text.ts';
import { countOfStep } from './source-text.ts';
import { literal, onClock, reg, type Verilog, vector, when } from './verilog.ts';

/** What commands say to a core. */
interface CommandText {
  /** The part of a command that says what the core does. */
  readonly ports: Verilog;
  /** What the core keeps of it. */
  readonly state: Verilog;
  /** The first step that it runs. */
  readonly first: string;
  /** A condition of the cycles that count, beside those of all cores. */
  readonly counts: string;
}

/**
 * A core alone on its chip is told of samples and steps.
 *
 * To one of several, a command names the event that it runs, once, or for each of the spikes that arrive by `s`. Those
 * of its neurons leave by `m`, and it keeps none of them: what they do here, the chip asks of it in turn.
 */
export function commandText(context: CoreContext): CommandText {
  const { arrivals } = context.plan;
  return arrivals === undefined ? sampleCommands(context) : eventCommands(context, arrivals);
}

function sampleCommands(context: CoreContext): CommandText {
  const { modules, widths, plan } = context;
  const { length: batches } = plan.batches;
  const usesStep = modules.some(({ taps }) => taps.has('step'));
  const first = (
    list: List,
    when: (condition: number) => string,
    waiting: (source: DeliverySource | undefined) => string,
  ): string =>
    list.steps.reduceRight((others, step) => {
      const conditions = step.conditions.map(when);
      if (step.delivers) conditions.push(waiting(step.source));
      return ifAll(conditions, literal(step.number, widths.step), others);
    }, endOf(context));
  const ofStep = first(
    plan.tick,
    (condition) => stepCondition(context, condition),
    (source) => (source === undefined ? '~fifo_empty' : `(~fifo_empty | ${countOfStep(source)} != 32'd0)`),
  );
  const ofSample = first(
    plan.sample,
    (condition) => sampleCondition(context, condition),
    () => "1'b0",
  );
  return {
    ports: [
      ['input wire cmd_step', 'input wire cmd_learn', 'input wire cmd_replay'],
      `input wire signed ${vector(widths.label)} cmd_label`,
      batches > 0 && `input wire ${vector(batches)} cmd_ends`,
      ['input wire [31:0] cmd_steps', 'input wire [31:0] cmd_spikes'],
    ],
    state: [
      '// ---- the sample and the step',
      'reg learn, replay;',
      batches > 0 && reg(batches, 'ends'),
      `reg signed ${vector(widths.label)} label;`,
      'reg [31:0] steps, step_now, step_next;',
      usesStep && `wire signed ${vector(widths.stepScalar)} step = ${widths.stepScalar}'($signed(step_now));`,
      'wire accept = cmd_valid & cmd_ready;',
      '// those of the step after',
      "wire [31:0] step_after = rst | (accept & ~cmd_step) ? 32'd0 : step_next + 32'(accept);",
      'wire [31:0] steps_after = accept & ~cmd_step ? cmd_steps : steps;',
      onClock(
        'step_next <= step_after;',
        'steps <= steps_after;',
        when(
          'rst',
          "step_now <= 32'd0;",
          when('accept', [
            "step_now <= cmd_step ? step_next : 32'd0;",
            when('~cmd_step', [
              ['learn <= cmd_learn;', 'replay <= cmd_replay;'],
              batches > 0 && 'ends <= cmd_ends;',
              'label <= cmd_label;',
            ]),
          ]),
        ),
      ),
      conditionsText(context),
    ],
    first: `cmd_step ? (${ofStep}) : (${ofSample})`,
    counts: '',
  };
}

function eventCommands(context: CoreContext, arrivals: List): CommandText {
  const { event, label, stepScalar, step } = context.widths;
  const arrives = literal(arrivals.steps[0]?.number ?? 0, step);
  return {
    ports: [
      `input wire ${vector(event)} cmd_event`,
      'input wire cmd_arrives',
      `input wire signed ${vector(label)} cmd_label`,
      `input wire signed ${vector(stepScalar)} cmd_number`,
      'input wire [31:0] cmd_spikes',
    ],
    state: [
      '// ---- the event and what came with it',
      "wire cmd_step = 1'b1;",
      reg(event, 'event_now'),
      '// whether its spikes have come from elsewhere: taking them from the FIFO takes cycles then',
      'reg arrives;',
      `reg signed ${vector(label)} label;`,
      `reg signed ${vector(stepScalar)} step;`,
      'wire accept = cmd_valid & cmd_ready;',
      onClock(
        when(
          'rst',
          "arrives <= 1'b0;",
          when('accept', [
            ['event_now <= cmd_event;', 'arrives <= cmd_arrives;'],
            ['label <= cmd_label;', 'step <= cmd_number;'],
          ]),
        ),
      ),
    ],
    first: `cmd_spikes == 32'd0 ? ${firstOfEvent(context, 'cmd_event', 'empty')} : ${arrives}`,
    counts: ' & (state != POP | arrives)',
  };
}
