import * as z from 'zod';
import { suggest } from '../text/index.ts';
import { assumedActivity } from './activity.ts';
import { checkChip } from './chip-checks.ts';
import { checkMapping } from './mapping/index.ts';
import { type Arithmetic, type CostClass, costClasses } from './model.ts';
import { type BankEntry, type HwModelFile, shape } from './schema.ts';
import { auto } from './schema-values.ts';

type Report = (path: readonly (string | number)[], message: string) => void;

/** The units that every program on float32 needs. */
const float32Classes: readonly CostClass[] = ['move', 'add', 'multiply', 'shift', 'compare'];
const bankCostNames = ['readPj', 'writePj', 'leakUw', 'areaUm2'] as const;
const removal = 'a file that extends another removes an entry by setting it to null';

/** Widths of shadow and inference weights in the name of a precision (`mp16-8`); undefined if it is not such a name. */
export function parsePrecision(name: string): { shadowBits: number; weightBits: number } | undefined {
  const found = /^mp([1-9]\d*)-([1-9]\d*)$/.exec(name);
  return found === null ? undefined : { shadowBits: Number(found[1]), weightBits: Number(found[2]) };
}

/** The schema of `hw-models/*.yaml`, with checks that involve several keys. */
export const hwModelSchema = shape.pipe(
  z.custom<HwModelFile>().superRefine((model, context) => checkModel(model, context)),
);

/** The checks of an hw-model that involve several keys. Each fault is reported at the value that causes it. */
function checkModel(model: HwModelFile, context: z.RefinementCtx): void {
  const report: Report = (path, message) => context.addIssue({ code: 'custom', path: [...path], message });
  checkSources(model, report);
  checkArithmetic(model, report);
  checkWidths(model, report);
  checkPairs(model, report);
  for (const arithmetic of ['integer', 'float32'] as const) checkUnits(model, arithmetic, report);
  for (const [name, entry] of Object.entries(model.generators)) {
    const [near, far] = entry.recurrence;
    const path = ['generators', name];
    if (near >= far) report([...path, 'recurrence'], `expected a before b, found [${near}, ${far}]`);
    if (entry.wordBits > entry.bitsPerAdvance)
      report([...path, 'wordBits'], `an advance has ${entry.bitsPerAdvance} bits, a word ${entry.wordBits}`);
    if (model.lanes % entry.lanes !== 0)
      report([...path, 'lanes'], `expected a divisor of the core's ${model.lanes}, found ${entry.lanes}`);
  }
  for (const [name, bank] of Object.entries(model.banks)) checkBank(bank, ['banks', name], report);
  const checkKernels = (costs: Pick<HwModelFile, 'kernels' | 'otherKernels'>, path: readonly string[]) => {
    for (const key of ['kernels', 'otherKernels'] as const)
      for (const [name, cost] of Object.entries(costs[key])) checkKernel(cost, [...path, key, name], report);
  };
  checkKernels(model, []);
  if (model.chip !== undefined) {
    checkChip(model.chip, model.controller !== undefined, report);
    for (const [name, set] of Object.entries(model.chip.costSets))
      checkKernels(set, ['chip', 'costSets', name]);
  }
  if (model.mapping !== undefined) checkMapping(model.mapping, report);
  if (model.fpga !== undefined) checkFpga(model.fpga, model.chip !== undefined, report);
  const banks = Object.keys(model.banks);
  for (const [role, name] of Object.entries(model.placement)) {
    if (!banks.includes(name)) {
      report(['placement', role], `there is no bank '${name}'; ${suggest(name, banks)}`);
    }
  }
  checkWeightWords(model, report);
  if (model.faults !== undefined) checkFaults(model.faults, model, report);
  checkActivity(model, report);
}

/** Faults are those of the banks of a core of integers, once each, and of the network of a chip. */
function checkFaults(
  { banks: failing = [], bitErrorRate, lostPackets }: NonNullable<HwModelFile['faults']>,
  { arithmetic, banks, chip }: HwModelFile,
  report: Report,
): void {
  const isCell = failing.length > 0;
  if (isCell && bitErrorRate === undefined)
    report(['faults'], 'bitErrorRate is missing: expected the probability that a cell of these banks fails');
  if (!isCell && bitErrorRate !== undefined)
    report(['faults'], 'banks is missing: expected the banks whose cells fail at this rate');
  if (!isCell && bitErrorRate === undefined && lostPackets === undefined)
    report(['faults'], 'expected banks and bitErrorRate, lostPackets, or all of them');
  if (lostPackets !== undefined && chip === undefined)
    report(['faults', 'lostPackets'], 'a core alone sends no packets: expected a chip of several cores');
  if (isCell && arithmetic !== 'integer')
    report(['faults'], 'only banks of integers have cells that fail: no bit of a float is like another');
  const names = Object.keys(banks);
  for (const [index, name] of failing.entries()) {
    const path = ['faults', 'banks', index];
    if (!names.includes(name)) report(path, `there is no bank '${name}'; ${suggest(name, names)}`);
    else if (failing.indexOf(name) < index) report(path, `'${name}' is listed twice`);
  }
}

function checkFpga(
  { memories, core }: NonNullable<HwModelFile['fpga']>,
  hasChip: boolean,
  report: Report,
): void {
  if (hasChip) report(['fpga'], 'an FPGA has one core, and this model a chip of several');
  for (const [name, { narrowest, widest, bits }] of Object.entries(memories)) {
    const path = ['fpga', 'memories', name];
    for (const [key, width] of Object.entries({ narrowest, widest }))
      if (!Number.isInteger(Math.log2(width)))
        report([...path, key], `expected a power of two, found ${width}`);
    if (narrowest > widest || widest > bits)
      report([...path, 'widest'], `expected ${narrowest} to ${bits} bits, found ${widest}`);
  }
  if (core === undefined) return;
  const names = Object.keys(memories);
  const unknown = Object.keys(core.blocks).find((name) => !names.includes(name));
  const missing = names.find((name) => core.blocks[name] === undefined);
  const path = ['fpga', 'core', 'blocks'];
  if (unknown !== undefined)
    report([...path, unknown], `there is no memory '${unknown}'; ${suggest(unknown, names)}`);
  else if (missing !== undefined) report(path, `missing: expected the number of blocks '${missing}'`);
}

/** The toggles that figures assume lie within their bounds. */
function checkActivity({ activity }: HwModelFile, report: Report): void {
  if (activity?.togglesPerBit === undefined && activity?.between === undefined) return;
  const { togglesPerBit = assumedActivity.togglesPerBit } = activity;
  const { between: [low, high] = [assumedActivity.low, assumedActivity.high] } = activity;
  if (low <= togglesPerBit && togglesPerBit <= high) return;
  report(
    ['activity', activity.between === undefined ? 'togglesPerBit' : 'between'],
    `expected two shares around the ${togglesPerBit} that the figures assume, found [${low}, ${high}]`,
  );
}

/** A kernel without a figure would be free; a figure that is contained in another is stated as 0. */
function checkKernel(cost: HwModelFile['kernels'][string], path: readonly string[], report: Report): void {
  for (const [what, perItem, perTile] of [
    ['cycles', 'cyclesPerItem', 'cyclesPerTile'],
    ['energy', 'energyPjPerItem', 'energyPjPerTile'],
  ] as const) {
    if (cost[perItem] !== undefined || cost[perTile] !== undefined) continue;
    report(
      path,
      `states no ${what}: expected ${perItem} or ${perTile}, 0 if another figure contains it, found neither`,
    );
  }
}

/** An item never straddles two words, so a word must hold at least one weight of every offered width. */
function checkWeightWords({ arithmetic, precision, banks, placement }: HwModelFile, report: Report): void {
  const checkRole = (role: 'weight' | 'shadow', widths: readonly number[]) => {
    const wordBits = banks[placement[role]]?.wordBits;
    const widest = Math.max(0, ...widths);
    if (wordBits !== undefined && wordBits < widest) {
      report(
        ['banks', placement[role], 'wordBits'],
        `expected at least the ${widest} bits of a ${role === 'shadow' ? 'shadow weight' : 'weight'}, found ${wordBits}`,
      );
    }
  };
  if (precision === undefined) return;
  if (arithmetic === 'float32') checkRole('weight', [32]);
  else {
    checkRole('weight', precision.weightBits);
    checkRole('shadow', precision.shadowBits);
  }
}

function checkSources(model: HwModelFile, report: Report): void {
  const known = Object.keys(model.sources);
  walk(model, []);

  function walk(value: unknown, path: readonly string[]): void {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key !== 'source' || typeof inner !== 'string') walk(inner, [...path, key]);
      else if (!known.includes(inner)) {
        report([...path, key], `there is no source '${inner}'; ${suggest(inner, known)}`);
      }
    }
  }
}

function checkArithmetic(model: HwModelFile, report: Report): void {
  const hasUnits = Object.keys(model.operations?.[model.arithmetic] ?? {}).length > 0;
  const states = Object.keys({ ...model.kernels, ...model.otherKernels }).length > 0;
  if (!hasUnits && !states) {
    report(['operations', model.arithmetic], `missing: arithmetic is ${model.arithmetic}`);
  }
  if (model.arithmetic === 'integer') {
    if (model.like !== undefined) {
      report(['like'], 'only a model whose arithmetic is float32 has nominal widths');
    }
    return;
  }
  for (const name of float32Classes) {
    if (model.operations?.float32?.[name] === undefined) {
      report(['operations', 'float32', name], 'missing: arithmetic is float32');
    }
  }
  if (model.baseline !== undefined) {
    report(['baseline'], `a model whose arithmetic is float32 has no baseline; ${removal}`);
  }
  checkLike(model, report);
}

function checkLike({ like, precision }: HwModelFile, report: Report): void {
  if (like === undefined) {
    report(['like'], "missing: a model whose arithmetic is float32 names a precision, such as 'mp16-8'");
    return;
  }
  const widths = parsePrecision(like);
  if (widths === undefined) {
    report(
      ['like'],
      `expected a precision such as 'mp16-8' (shadow width, inference width), found '${like}'`,
    );
    return;
  }
  for (const key of ['shadowBits', 'weightBits'] as const) {
    if (precision === undefined) report(['like'], `'${like}': this model offers no widths`);
    else if (!precision[key].includes(widths[key])) {
      report(['like'], `'${like}': precision.${key} offers ${precision[key].join(', ')}, not ${widths[key]}`);
    }
  }
  if (widths.weightBits > widths.shadowBits) {
    report(['like'], `'${like}': an inference weight is cut from its shadow weight and cannot be wider`);
  }
}

function checkWidths({ precision, datapathBits }: HwModelFile, report: Report): void {
  for (const [key, widths] of Object.entries(precision ?? {})) {
    widths.forEach((width, index) => {
      const path = ['precision', key, index];
      if (width > datapathBits) report(path, `${width} bits do not fit the datapath of ${datapathBits}`);
      if (widths.indexOf(width) < index) report(path, `${width} is listed twice`);
    });
  }
}

/**
 * An inference weight is cut from its shadow weight, so each inference width needs one at least as wide, and vice
 * versa.
 */
function checkPairs({ precision, arithmetic }: HwModelFile, report: Report): void {
  if (precision === undefined || arithmetic === 'float32') return;
  const { weightBits, shadowBits } = precision;
  const [narrowest, widest] = [Math.min(...weightBits), Math.max(...shadowBits)];
  shadowBits.forEach((width, index) => {
    if (width < narrowest)
      report(
        ['precision', 'shadowBits', index],
        `a shadow weight of ${width} bits is narrower than every weight (${weightBits.join(', ')})`,
      );
  });
  weightBits.forEach((width, index) => {
    if (width > widest)
      report(
        ['precision', 'weightBits', index],
        `a weight of ${width} bits is wider than every shadow weight (${shadowBits.join(', ')})`,
      );
  });
}

function checkUnits(model: HwModelFile, arithmetic: Arithmetic, report: Report): void {
  const needed = arithmetic === 'integer' ? model.datapathBits : 32;
  for (const name of costClasses) {
    const energies = model.operations?.[arithmetic]?.[name]?.energyPj;
    if (energies === undefined || energies === auto) continue;
    const path = ['operations', arithmetic, name, 'energyPj'];
    const table = Object.entries(energies)
      .map(([width, pj]) => ({ width: Number(width), pj }))
      .sort((a, b) => a.width - b.width);
    const widest = table.at(-1);
    if (widest === undefined) report(path, 'expected at least one width, found none');
    else if (widest.width < needed) {
      report(path, `expected an energy for ${needed} bits, found none above ${widest.width}`);
    }
    table.forEach((entry, index) => {
      const narrower = table[index - 1];
      if (narrower === undefined || entry.pj >= narrower.pj) return;
      const least = `at least the ${narrower.pj} pJ of ${narrower.width} bits`;
      report([...path, entry.width], `expected ${least}, found ${entry.pj} pJ`);
    });
  }
}

function checkBank(bank: BankEntry, path: readonly string[], report: Report): void {
  const { read, write, shared } = bank.ports;
  const given = Object.entries(bank.ports).flatMap(([name, ports]) => (ports === undefined ? [] : [name]));
  const separate = read !== undefined && write !== undefined && shared === undefined;
  const common = read === undefined && write === undefined && shared !== undefined;
  if (!separate && !common) {
    const found = given.length === 0 ? 'none' : given.join(' and ');
    report([...path, 'ports'], `expected either read and write, or shared, found ${found}; ${removal}`);
  }
  for (const cost of bankCostNames) {
    if (bank.macros !== undefined && bank[cost] !== undefined && bank[cost] !== auto) {
      report(
        [...path, cost],
        `'macros' gives the costs of this bank, so '${cost}' must not be given as well; ${removal}`,
      );
    }
    if (bank.macros === undefined && bank[cost] === undefined) {
      report([...path, cost], "missing: expected the bank's costs, or 'macros'");
    }
  }
  if (bank.macros === undefined && bank.capacityBits % bank.wordBits !== 0) {
    const words = `a multiple of the word's ${bank.wordBits} bits`;
    report([...path, 'capacityBits'], `expected ${words}, found ${bank.capacityBits}`);
  }
}
