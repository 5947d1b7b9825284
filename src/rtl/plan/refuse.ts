import type { HwModel } from '../../hardware/index.ts';
import {
  allLists,
  batchSizes,
  type CoreImage,
  layoutOf,
  plainActions,
  spreadController,
  takesOf,
} from '../../image/index.ts';
import { eventScalars, operationNamed } from '../../isa/index.ts';
import { at, PlasticoreError } from '../../text/index.ts';
import type { KernelPlan } from './core-plan.ts';
import { refuseClears, refuseParts } from './memories.ts';
import { identifier } from './widths.ts';

/** Sizes of batches whose ends a command to a core may say: a bit for each. */
const mostBatches = 8;

type Refuse = (what: string, hint: string) => never;

const refusalsOf =
  ({ program, core }: CoreImage, name?: string): Refuse =>
  (what, hint) => {
    const found = name === undefined ? what : `${name} ${what}`;
    throw new PlasticoreError('fit', `${program} on ${core.hwModel}: ${found}`, { hint });
  };

/** Refuses a program that is not written as hardware, whatever the figures of its core are. */
export function refuseProgram(image: CoreImage): void {
  const { core, events } = image;
  const refuse = refusalsOf(image);
  if (core.arithmetic !== 'integer')
    refuse('computes with floats; only cores of integers are written in Verilog', 'choose another precision');
  if (image.faults !== undefined)
    refuse(
      'has banks with cells that fail; in Verilog all hold what is written',
      'remove faults from the hw-model',
    );
  const isPlaced = core.controller === spreadController;
  if (core.controller !== undefined && !isPlaced)
    refuse(
      `has a controller of its own, '${core.controller}', which no program describes`,
      'choose an hw-model without a controller, such as reference',
    );
  if (Math.log2(core.lanes) % 1 !== 0)
    refuse(`has ${core.lanes} lanes; expected a power of two`, 'change hw.lanes');
  if (events.named.length > 0 && !isPlaced)
    refuse('is run by named events from outside', 'choose a program with time steps');
  const actions = allLists(events).flatMap(plainActions);
  if (actions.some(({ does }) => does === 'hold'))
    refuse('holds items of fields, which no clocked core does in one cycle', 'leave out hold');
  for (const action of actions) {
    if (action.does !== 'stop-unless-any') continue;
    const field = at(image.fields, action.field);
    if (layoutOf(image, field).rows > 1)
      refuse(`tests ${field.name}, whose items lie in rows`, 'test a field of neurons');
  }
  const batches = batchSizes(allLists(events)).length;
  if (batches > mostBatches)
    refuse(
      `has batches of ${batches} sizes; a command says where at most ${mostBatches} end`,
      'use fewer everySample',
    );
  if (isPlaced && actions.some(({ does }) => does === 'keep'))
    refuse(
      'keeps spikes that wait for delays, which a core that is one of several does not do in Verilog yet',
      'choose an hw-model of one core with --hw',
    );
  if (isPlaced && image.populations.some(({ payload }) => payload !== undefined))
    refuse(
      'takes spikes with values, which a core that is one of several does not do in Verilog yet',
      'choose an hw-model of one core with --hw',
    );
}

/** Refuses a core whose cycles, ports or names are not written as hardware. */
export function refuseCore(image: CoreImage, hw: HwModel): void {
  const refuse = refusalsOf(image);
  for (const key of ['kernelCycles', 'rowCycles', 'eventCycles'] as const) {
    if (hw.overheads[key] < 1)
      refuse(`overheads.${key} is 0, and hardware takes at least one cycle`, `set hw.overheads.${key}=1`);
  }
  if (hw.overheads.scanCycles !== undefined && hw.overheads.scanCycles !== 1)
    refuse(
      `overheads.scanCycles is ${hw.overheads.scanCycles}, and hardware scans a tile a cycle`,
      'set hw.overheads.scanCycles=1',
    );
  for (const [what, named] of Object.entries({
    bank: hw.banks,
    projection: image.projections,
    parameter: image.parameters,
  }))
    for (const [index, { name }] of named.entries()) {
      const other = named.slice(0, index).find((one) => identifier(one.name) === identifier(name));
      if (other !== undefined)
        refuse(`in Verilog, ${what} '${name}' has the name of '${other.name}'`, 'rename one of them');
    }
  for (const { name, ports } of hw.banks) {
    if (!('shared' in ports) && ports.write > 1)
      refuse(`bank '${name}' has ${ports.write} write ports; expected one`, `change hw.banks.${name}.ports`);
    if ('shared' in ports && ports.shared > 1)
      refuse(
        `bank '${name}' has ${ports.shared} shared ports; expected one`,
        `change hw.banks.${name}.ports`,
      );
  }
  refuseClears(allLists(image.events).flatMap(plainActions), image, hw.banks, refuse);
}

/** Refuses a kernel that is not written as hardware, whatever the figures of its core are. */
export function refuseKernelOfProgram({ kernel, name }: KernelPlan, image: CoreImage): void {
  const refuse = refusalsOf(image, name);
  if (kernel.domain === 'synapse')
    refuse('is over one synapse, which is not written yet', 'run it over synapses');
  const positioned = kernel.code.findIndex(({ mnemonic }) => takesOf(operationNamed(mnemonic)) !== 'items');
  if (positioned >= 0)
    refuse(
      `line ${positioned + 1} names a position of a field, which is not written yet`,
      'simulate it, or keep each number in a field of its own',
    );
  for (const [line, { operands }] of kernel.code.entries()) {
    // The label and the number of the step are what the host says.
    if (operands.some((operand) => operand.is === 'event' && operand.scalar < eventScalars.length))
      refuse(`line ${line + 1} reads what a named event brings`, 'use a field');
  }
}

/** Refuses a kernel whose cost, cycles or ports are not written as hardware. */
export function refuseKernel(plan: KernelPlan, image: CoreImage, hw: HwModel): void {
  const { name, schedule, drainCycles, index } = plan;
  const refuse = refusalsOf(image, name);
  if (at(image.costs.work, index).stated !== undefined)
    refuse('has a stated cost, and so no pipeline', 'leave it out of `kernels` of the hw-model');
  refuseSharedPort(plan, image, hw, refuse);
  refuseParts(plan, image, refuse);
  const { fillCycles } = schedule;
  if (drainCycles < fillCycles)
    refuse(
      `needs ${fillCycles} cycles after its last tile, and the report counts ${drainCycles}`,
      'leave out hw.overheads.fillCycles, so that each pipeline has its own',
    );
}

/**
 * Refuses tiles that share a port with the writes of those before them, where closed tiles come between. Writes wait
 * for the cycles of the interval in which no tile reads, and a closed tile moves those of the tiles after it.
 */
function refuseSharedPort(
  { kernel, schedule: { loads, stores }, table, list }: KernelPlan,
  { core }: CoreImage,
  { banks }: HwModel,
  refuse: Refuse,
): void {
  if (table === undefined || kernel.columnGate === undefined || core.columnGate === 'clock') return;
  const reads = [...loads.map(({ bank }) => bank), ...(list === undefined ? [] : [list.layout.bank])];
  const shared = stores.find(({ bank }) => reads.includes(bank) && 'shared' in at(banks, bank).ports);
  if (shared === undefined) return;
  const { name } = at(banks, shared.bank);
  refuse(
    `reads and writes bank '${name}' through one port, and closed tiles of its segments come between`,
    `set hw.banks.${name}.ports={read: 1, write: 1}, or hw.columnGate=clock`,
  );
}
