import * as z from 'zod';
import { layeredJsonSchema, suggest } from '../text/index.ts';
import { checkActivity } from './activity.ts';
import { checkBank } from './banks.ts';
import { checkChip } from './chip.ts';
import { checkFaultsSection } from './faults.ts';
import { checkFpgaSection } from './fpga.ts';
import { checkGenerators } from './generators.ts';
import { checkMappingSection } from './mapping/index.ts';
import { type HwModelFile, shape } from './schema.ts';
import { checkUnits } from './units.ts';
import { type CostClass, type ReportFault, removal } from './values.ts';

/** The units that every program on float32 needs. */
const float32Classes: readonly CostClass[] = ['move', 'add', 'multiply', 'shift', 'compare'];

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
  const report: ReportFault = (path, message) =>
    context.addIssue({ code: 'custom', path: [...path], message });
  checkSources(model, report);
  checkArithmetic(model, report);
  checkWidths(model, report);
  checkPairs(model, report);
  for (const arithmetic of ['integer', 'float32'] as const) checkUnits(model, arithmetic, report);
  checkGenerators(model, report);
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
  if (model.mapping !== undefined) checkMappingSection(model.mapping, report);
  if (model.fpga !== undefined) checkFpgaSection(model.fpga, model.chip !== undefined, report);
  if (model.stepPeriodUs !== undefined && model.controller !== undefined)
    report(['stepPeriodUs'], `the controller of the core says how long a time step takes; ${removal}`);
  if (model.microcode !== undefined && model.sequencer === 'hardwired')
    report(['sequencer'], "expected microcode, found 'hardwired': 'microcode' is stated, too");
  const banks = Object.keys(model.banks);
  for (const [role, name] of Object.entries(model.placement)) {
    if (!banks.includes(name)) {
      report(['placement', role], `there is no bank '${name}'; ${suggest(name, banks)}`);
    }
  }
  checkWeightWords(model, report);
  if (model.faults !== undefined) checkFaultsSection(model.faults, model, report);
  checkActivity(model, report);
}

/** A kernel without a figure would be free; a figure that is contained in another is stated as 0. */
function checkKernel(
  cost: HwModelFile['kernels'][string],
  path: readonly string[],
  report: ReportFault,
): void {
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
function checkWeightWords(
  { arithmetic, precision, banks, placement }: HwModelFile,
  report: ReportFault,
): void {
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

function checkSources(model: HwModelFile, report: ReportFault): void {
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

function checkArithmetic(model: HwModelFile, report: ReportFault): void {
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

function checkLike({ like, precision }: HwModelFile, report: ReportFault): void {
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

function checkWidths({ precision, datapathBits }: HwModelFile, report: ReportFault): void {
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
function checkPairs({ precision, arithmetic }: HwModelFile, report: ReportFault): void {
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

/** The JSON Schema (draft 7) of `hw-models/*.yaml`, for completion and validation in editors. */
export function hwModelJsonSchema(): z.core.JSONSchema.BaseSchema {
  return layeredJsonSchema(hwModelSchema, 'Plasticore hw-model');
}
