import { valueRange } from '../../isa/index.ts';
import type { CorePlan } from '../plan/core-plan.ts';
import { identifier, signedBits, type Widths } from '../plan/widths.ts';
import { banksText } from './banks-text.ts';
import { type CoreContext, RunRegisters, runsText } from './context.ts';
import { conditionsText } from './facts-text.ts';
import { fifoText } from './fifo-text.ts';
import { gatesText } from './gates-text.ts';
import { generatorsText } from './generators-text.ts';
import { kernelModule } from './kernel-text.ts';
import { bankModules, segmentContents, segmentModule } from './memory-modules.ts';
import { delayText } from './passes-text.ts';
import { sequencerText } from './sequencer-text.ts';
import { sourcesText } from './source-text.ts';
import { stallText } from './stall-text.ts';
import {
  commentLine,
  instance,
  moduleText,
  reg,
  type SourceFile,
  signedLiteral,
  statements,
  type Verilog,
  vector,
  wire,
} from './verilog.ts';
import { walkerText } from './walker-text.ts';

/** The text of a core: its module with those of its kernels, a file for each bank, and the tables of its segments. */
export function coreFiles(plan: CorePlan): SourceFile[] {
  const { image, widths, tables } = plan;
  const modules = plan.pipelines.map((pipeline) => kernelModule(pipeline, plan));
  const context = { plan, image, widths, modules, run: new RunRegisters(plan.waiting) };
  const body = [
    stateText(context),
    sequencerText(context),
    walkerText(context),
    fifoText(context),
    stallText(context),
    sourcesText(context),
    delayText(context),
    kernelInstances(context),
    gatesText(context),
    generatorsText(context),
    banksText(context),
  ];
  const core = moduleText({
    comment: [
      commentLine(
        `${image.program} on ${image.core.hwModel} at ${image.core.precision}, written by Plasticore ${image.provenance.compiler}`,
      ),
      '//',
      '// Commands start samples and steps; input spikes enter by s, spikes of the core leave by m; banks are read and',
      '// written by host while the core is idle. One walker feeds one pipeline for each kernel.',
    ],
    name: 'plasticore_core',
    ports: [portsOf(context)],
    body,
  });
  const sources = [
    ['plasticore_core', core] as const,
    ...modules.map(({ name, text }) => [name, text] as const),
    ...bankModules(plan),
    ...tables.map((table) => [`segments_${identifier(table.name)}`, segmentModule(table)] as const),
  ];
  return [
    ...sources.map(
      ([name, text]): SourceFile => [`${name}.sv`, `\`default_nettype none\n${text}\`default_nettype wire\n`],
    ),
    ...tables.flatMap(segmentContents),
  ];
}

function portsOf({ plan, image, widths }: CoreContext): Verilog {
  const hasValue = image.populations[image.input]?.payload !== undefined;
  return [
    ['input wire clk', 'input wire rst', 'input wire cmd_valid', 'output wire cmd_ready'],
    plan.placed === undefined ? samplePorts(plan) : placedPorts(widths),
    `input wire ${vector(widths.interval)} cmd_interval`,
    ['input wire s_valid', 'output wire s_ready', 'output wire s_again'],
    `input wire ${vector(widths.neuron)} s_neuron`,
    hasValue && `input wire ${vector(widths.value)} s_value`,
    ['output wire m_valid', 'input wire m_ready'],
    `output wire ${vector(widths.population)} m_population`,
    `output wire ${vector(widths.tile)} m_tile`,
    `output wire ${vector(widths.lanes)} m_lanes`,
    widths.value > 0 && `output wire ${vector(widths.lanes * widths.value)} m_values`,
    ['input wire host_valid', 'input wire host_write'],
    `input wire ${vector(widths.hostBank)} host_bank`,
    `input wire ${vector(widths.hostAddress)} host_address`,
    `input wire ${vector(widths.host)} host_in`,
    `output logic ${vector(widths.host)} host_out`,
    ['output wire busy', 'output reg [47:0] cycles', 'output reg fault'],
  ];
}

/** The part of a command that says what a core with samples and steps does. */
function samplePorts({ widths, batches }: CorePlan): Verilog {
  return [
    ['input wire cmd_step', 'input wire cmd_learn', 'input wire cmd_replay'],
    `input wire signed ${vector(widths.label)} cmd_label`,
    batches.length > 0 && `input wire ${vector(batches.length)} cmd_ends`,
    ['input wire [31:0] cmd_steps', 'input wire [31:0] cmd_spikes'],
  ];
}

/** The state that commands set, and the conditions that follow from it. */
function stateText(context: CoreContext): string[] {
  const { plan, image, widths } = context;
  const isScheduled = isGated(plan) || image.parameters.some(({ values }) => new Set(values).size > 1);
  return statements(
    isScheduled && reg(widths.interval, 'interval_now'),
    plan.placed === undefined ? sampleText(context) : placedState(widths),
    isScheduled && 'always @(posedge clk) if (accept) interval_now <= cmd_interval;',
    parametersText(context),
    '',
  );
}

/** Whether conditions of the lists look at the interval of the schedule. */
function isGated({ conditions }: CoreContext['plan']): boolean {
  return conditions.some(({ intervals }) => intervals !== undefined);
}

/** The parameters that follow a schedule. Kernels that take them may be on other cores. */
function parametersText({ image }: CoreContext): Verilog {
  return image.parameters.map(({ name, values }) => {
    const range = valueRange(Math.min(...values), Math.max(...values));
    if (range.low === range.high) return undefined;
    const bits = signedBits(range);
    const [last = '', ...others] = values.map((value) => signedLiteral(value, bits)).reverse();
    const choices = others.reverse().map((value, index) => `interval_now == ${index} ? ${value} : `);
    return `wire signed ${vector(bits)} p_${identifier(name)} = ${choices.join('')}${last};`;
  });
}

/** The sample and the step that run. */
function sampleText(context: CoreContext): Verilog {
  const { modules, widths, plan } = context;
  const { stepScalar: stepBits } = widths;
  const { length: batches } = plan.batches;
  const usesStep = modules.some(({ taps }) => taps.has('step'));
  return [
    '// ---- the sample and the step',
    'reg learn, replay;',
    batches > 0 && reg(batches, 'ends'),
    `reg signed ${vector(widths.label)} label;`,
    'reg [31:0] steps, step_now, step_next;',
    usesStep && `wire signed ${vector(stepBits)} step = ${stepBits}'($signed(step_now));`,
    'wire accept = cmd_valid & cmd_ready;',
    '// those of the step after',
    "wire [31:0] step_after = rst | (accept & ~cmd_step) ? 32'd0 : step_next + 32'(accept);",
    'wire [31:0] steps_after = accept & ~cmd_step ? cmd_steps : steps;',
    'always @(posedge clk) begin',
    '  step_next <= step_after;',
    '  steps <= steps_after;',
    "  if (rst) step_now <= 32'd0;",
    '  else if (accept) begin',
    "    step_now <= cmd_step ? step_next : 32'd0;",
    '    if (~cmd_step) begin',
    '      learn <= cmd_learn;',
    '      replay <= cmd_replay;',
    batches > 0 && '      ends <= cmd_ends;',
    '      label <= cmd_label;',
    '    end',
    '  end',
    'end',
    conditionsText(context),
  ];
}

/** The modules of the kernels, their ports connected to wires that begin with the module's name. */
function kernelInstances({ modules, plan, widths }: CoreContext): string[] {
  return statements(
    '// ---- kernels',
    modules.map((module) => {
      const { name, kernels, taps } = module;
      const waits = kernels.some((kernel) => plan.waiting.kernels.includes(kernel));
      const outputs = taps.ports().filter(({ source }) => source === undefined);
      const connected = taps
        .ports()
        .map(({ name: port, source }) => `.${port}(${source ?? `${name}_${port}`})`);
      return [
        waits && wire(undefined, `runs_${name}`, runsText({ widths }, module)),
        outputs.map(({ name: port, bits }) => wire(bits === 1 ? undefined : bits, `${name}_${port}`)),
        instance(name, connected),
      ];
    }),
    '',
  );
}

/*
 * A core that is one of several: a command names the event that it runs, once, or for each of the spikes that arrive by
 * `s`. Those of its neurons leave by `m`, and it keeps none of them: what they do here, the chip asks of it in turn.
 */

/** The part of a command that says what the core does. */
function placedPorts({ event, label, stepScalar }: Widths): Verilog {
  return [
    `input wire ${vector(event)} cmd_event`,
    'input wire cmd_arrives',
    `input wire signed ${vector(label)} cmd_label`,
    `input wire signed ${vector(stepScalar)} cmd_number`,
    'input wire [31:0] cmd_spikes',
  ];
}

/** The state after a command. */
function placedState({ event, label, stepScalar }: Widths): Verilog {
  return [
    '// ---- the event and what came with it',
    "wire cmd_step = 1'b1;",
    `reg ${vector(event)} event_now;`,
    '// whether its spikes have come from elsewhere: taking them from the FIFO takes cycles then',
    'reg arrives;',
    `reg signed ${vector(label)} label;`,
    `reg signed ${vector(stepScalar)} step;`,
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
