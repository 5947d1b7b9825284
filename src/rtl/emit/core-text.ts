import { valueRange } from '../../isa/index.ts';
import type { CorePlan } from '../plan/core-plan.ts';
import { identifier, signedBits } from '../plan/widths.ts';
import { banksText } from './banks-text.ts';
import { commandText } from './command-text.ts';
import { type CoreContext, RunRegisters, runsText } from './context.ts';
import { fifoText } from './fifo-text.ts';
import { gatesText } from './gates-text.ts';
import { generatorsText } from './generators-text.ts';
import { kernelModule } from './kernel-text.ts';
import { bankModules, listModules, segmentContents, segmentModule } from './memory-modules.ts';
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
    ...listModules(plan),
    ...tables.map((table) => [`segments_${identifier(table.name)}`, segmentModule(table)] as const),
  ];
  return [
    ...sources.map(
      ([name, text]): SourceFile => [`${name}.sv`, `\`default_nettype none\n${text}\`default_nettype wire\n`],
    ),
    ...tables.flatMap(segmentContents),
  ];
}

function portsOf(context: CoreContext): Verilog {
  const { image, widths } = context;
  const hasValue = image.populations[image.input]?.payload !== undefined;
  return [
    ['input wire clk', 'input wire rst', 'input wire cmd_valid', 'output wire cmd_ready'],
    commandText(context).ports,
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

/** The state that commands set, and the conditions that follow from it. */
function stateText(context: CoreContext): string[] {
  const { plan, image, widths } = context;
  const isScheduled = isGated(plan) || image.parameters.some(({ values }) => new Set(values).size > 1);
  return statements(
    isScheduled && reg(widths.interval, 'interval_now'),
    commandText(context).state,
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
