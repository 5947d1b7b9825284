import type { CorePlan, List } from '../plan/core-plan.ts';
import type { Widths } from '../plan/widths.ts';
import { literal, vector } from './text.ts';

/*
 * A core that is one of several: a command names the event that it runs, once, or for each of the spikes that arrive by
 * `s`. Those of its neurons leave by `m`, and it keeps none of them: what they do here, the chip asks of it in turn.
 */

/** The part of a command that says what the core does. */
export function placedPorts({ event, label, stepScalar }: Widths): string[] {
  return [
    `input wire ${vector(event)} cmd_event`,
    'input wire cmd_arrives',
    `input wire signed ${vector(label)} cmd_label`,
    `input wire signed ${vector(stepScalar)} cmd_number`,
    'input wire [31:0] cmd_spikes',
  ];
}

/** The state after a command. */
export function placedState({ event, label, stepScalar }: Widths): string[] {
  return [
    '// ---- the event and what came with it',
    "wire cmd_step = 1'b1;",
    `reg ${vector(event)} event_now;`,
    '// whether its spikes have come from elsewhere: taking them from the FIFO takes cycles then',
    'reg arrives;',
    `reg signed ${vector(label)} label;`,
    `reg signed ${vector(stepScalar)} step;`,
    "wire unused_scalars = &{1'b0, label, step};",
    'wire accept = cmd_valid & cmd_ready;',
    'always @(posedge clk)',
    "  if (rst) arrives <= 1'b0;",
    '  else if (accept) begin',
    '    event_now <= cmd_event;',
    '    arrives <= cmd_arrives;',
    '    label <= cmd_label;',
    '    step <= cmd_number;',
    '  end',
  ];
}

/** The first step of an event's list. */
export function firstOfEvent(
  value: string,
  { placed, widths }: CorePlan,
  first: (list: List) => string,
  end: string,
): string {
  const choices = placed?.events.map(
    (list, event) => `${value} == ${literal(event, widths.event)} ? ${first(list)} : `,
  );
  return `(${choices?.join('') ?? ''}${end})`;
}
