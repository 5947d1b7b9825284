import type { HwModel } from '../../hardware/index.ts';
import { type ProgramView, spikeLoopOf, takesOf } from '../../image/index.ts';
import {
  type DomainName,
  does,
  domainNamed,
  findVariations,
  type Instruction,
  type Kernel,
  operationNamed,
} from '../../isa/index.ts';
import { type Place, PlasticoreError } from '../../text/index.ts';

/**
 * Checks that a lane has as many registers as a kernel names. Without registers in the hw-model, or where the cost of
 * the kernel is stated, nothing says how many there are.
 *
 * @param body what the core carries out of the kernel
 * @throws PlasticoreError `fit` at the instruction that names one too many
 */
export function checkRegisters(
  { name }: Kernel,
  body: readonly Instruction[],
  { name: model, registers, kernels }: Pick<HwModel, 'name' | 'registers' | 'kernels'>,
): void {
  if (registers === undefined || kernels[name] !== undefined) return;
  const { perLane } = registers;
  const named = new Set<number>();
  let beyond: Instruction | undefined;
  for (const instruction of body) {
    for (const operand of instruction.operands) if (operand.is === 'register') named.add(operand.register);
    if (named.size > perLane) beyond ??= instruction;
  }
  if (beyond === undefined) return;
  throw new PlasticoreError(
    'fit',
    `kernel '${name}' names ${named.size} registers; a lane of hw-model '${model}' has ${perLane}`,
    {
      ...beyond.place,
      hint: `registers.perLane of ${named.size} holds it; a kernel takes fewer if it writes registers again that it no longer reads`,
    },
  );
}

/**
 * Refuses a second draw from a generator that serves a tile of lanes in several groups. The first draw advances the
 * generator for all groups of a tile before the second starts; a core that processes one group of lanes after another
 * could not keep that order.
 *
 * @throws PlasticoreError `microcode`
 */
export function checkDraws(
  { name, body }: Pick<Kernel, 'name' | 'body'>,
  domain: DomainName,
  { generators, lanes }: Pick<HwModel, 'generators' | 'lanes'>,
): void {
  if (domainNamed(domain).single) return;
  const drawn = new Set<string>();
  for (const { operands, place } of body) {
    for (const operand of operands) {
      if (operand.is !== 'generator') continue;
      const generator = generators.find((candidate) => candidate.name === operand.name);
      if (generator === undefined || generator.lanes >= lanes) continue;
      if (drawn.has(operand.name))
        throw new PlasticoreError(
          'microcode',
          `kernel '${name}' draws twice from '${operand.name}', which serves ${generator.lanes} of the core's ${lanes} lanes at a time`,
          { ...place, hint: 'split the word of one draw, or draw from a second generator' },
        );
      drawn.add(operand.name);
    }
  }
}

/**
 * Why a kernel cannot run by columns; undefined if it can. Gates are evaluated per row, and nothing may reduce over a
 * row or depend on the order of rows.
 */
export function againstColumns(
  kernel: Kernel,
  domain: DomainName,
  over: string,
  isDense: boolean,
): string | undefined {
  if (domain !== 'synapses') return `it runs over ${domain}`;
  if (!isDense) return `'${over}' is not dense`;
  if (kernel.rowGate !== undefined || kernel.columnGate !== undefined) return 'it has a gate';
  const odd = kernel.body.find(({ mnemonic }) => {
    const { draws, effect } = operationNamed(mnemonic);
    const isAtPosition = takesOf(operationNamed(mnemonic)) !== 'items';
    return draws || effect.does === 'reduce' || effect.does === 'emit' || isAtPosition;
  });
  if (odd !== undefined) return `it uses ${odd.mnemonic}`;
  for (const { mnemonic, operands } of kernel.body) {
    const { effect } = operationNamed(mnemonic);
    const isPart = effect.does === 'store' || (effect.does === 'load' && effect.predicated);
    const field = operands[1];
    if (isPart && field?.is === 'field' && field.role !== 'syn')
      return `${mnemonic} accesses ${field.role}.${field.field}, which many synapses of a tile share`;
  }
  return takesAnyOfRows(kernel) ? 'any takes what differs from row to row' : undefined;
}

/** Whether `any` depends on the row: its result must be known before the first row of a tile. */
function takesAnyOfRows({ body }: Kernel): boolean {
  const variations = findVariations(body);
  return body.some((instruction, line) => does(instruction, 'any') && variations[line]?.byRow === true);
}

/**
 * Refuses a program with an endless loop of spikes: each causes at least one of the next population, until the first is
 * reached again.
 *
 * @throws PlasticoreError `fit`
 */
export function checkLoops(image: ProgramView, place: Place): void {
  if (image.core.controller !== undefined) return;
  const loop = spikeLoopOf(image);
  if (loop === undefined || !loop.isEndless) return;
  const names = loop.populations.map((population) => `'${image.populations[population]?.name}'`);
  throw new PlasticoreError(
    'fit',
    `a step would never end: every spike of ${[...names, names[0]].join(' makes one of ')} again`,
    { ...place, hint: 'emit under a condition, or in the tick list, where the next step serves the spikes' },
  );
}
