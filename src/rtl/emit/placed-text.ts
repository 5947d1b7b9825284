import type { PlacedPlan } from '../plan/core-plan.ts';
import { type CoreContext, hostScalarBits } from './context.ts';
import { indexBits, literal, vector } from './text.ts';

/*
 * A core that is one of several: a command names the event that it runs, once, or for each of the spikes that arrive by
 * `s`. Those of its neurons leave by `m`, and it keeps none of them: what they do here, the chip asks of it in turn.
 */

/** The part of a command that says what the core does. */
export function placedPorts({ image }: CoreContext, { events }: PlacedPlan): string[] {
  return [
    `input wire ${vector(eventBits(events.length))} cmd_event`,
    'input wire cmd_arrives',
    `input wire signed ${vector(hostScalarBits(image, 'label'))} cmd_label`,
    `input wire signed ${vector(hostScalarBits(image, 'step'))} cmd_number`,
    'input wire [31:0] cmd_spikes',
  ];
}

/** The state after a command. */
export function placedState({ image }: CoreContext, { events }: PlacedPlan): string[] {
  return [
    '// ---- the event and what came with it',
    "wire cmd_step = 1'b1;",
    `reg ${vector(eventBits(events.length))} event_now;`,
    '// whether its spikes have come from elsewhere: taking them from the FIFO takes cycles then',
    'reg arrives;',
    `reg signed ${vector(hostScalarBits(image, 'label'))} label;`,
    `reg signed ${vector(hostScalarBits(image, 'step'))} step;`,
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
  { events }: PlacedPlan,
  first: (list: PlacedPlan['arrivals']) => string,
  end: string,
): string {
  const bits = eventBits(events.length);
  const choices = events.map((list, event) => `${value} == ${literal(event, bits)} ? ${first(list)} : `);
  return `(${choices.join('')}${end})`;
}

function eventBits(events: number): number {
  return indexBits(Math.max(2, events));
}
