import { emittingPopulation, type ImageOperand } from '../../../../image/index.ts';
import { clamp, integerRange, type ValueRange, valueRange } from '../../../../isa/index.ts';
import { known } from '../../../../text/index.ts';
import {
  either,
  f32,
  f32x4,
  i16x8,
  i32,
  i32x4,
  type Local,
  type Value,
  v128,
} from '../../../../wasm/index.ts';
import type { LaneShape } from '../../plan/analysis/lanes.ts';
import type { Granularity, LinePlan } from '../../plan/analysis/lines.ts';
import { type LaneValue, ScalarCode } from '../ops/scalar-code.ts';
import { VectorCode } from '../ops/vector-code.ts';
import { type KernelContext, splat, zeroOf } from './context.ts';
import { correlate } from './correlations.ts';
import { emit, store } from './effects.ts';
import { drawDeclared, stepLaneCode, stepVector } from './generators.ts';
import { areaOf, itemAddress, loadItems } from './ports.ts';
import { addressOf, itemOf, type Position } from './position.ts';
import { loadAt, storeAt } from './positions.ts';
import { addToSum } from './reduces.ts';
import { operandValue } from './values.ts';

/** Writes the lines that are carried out at some level, and the predicates that are known there. */
export function writeLines(k: KernelContext, position: Position, when: Granularity): void {
  for (const line of k.plan.lines) {
    if (line.predicateWhen === when && when !== 'item') keepPredicate(k, position, line);
    if (line.when === when) writeLine(k, position, line);
  }
}

/** Writes one line for the items at a position. */
export function writeLine(k: KernelContext, position: Position, line: LinePlan): void {
  const { instruction, operation } = line;
  const { effect } = operation;
  const [first, second] = instruction.operands;
  const isReal = instruction.arithmetic === 'real';
  switch (effect.does) {
    case 'compute': {
      const [a, b, c] = instruction.operands.slice(1).map((operand, index) => {
        const pattern = operation.kinds[index + 1];
        return operandValue(
          k,
          position.values,
          line,
          operand,
          isReal && (pattern === 'N' || pattern === 'A'),
        );
      });
      if (a === undefined) throw new Error(`'${operation.mnemonic}' computes from nothing`);
      // A lowering does not read operands that its operation does not take: the first stands in for them.
      position.values.set(line.line, effect.lower(laneCode(k, position, line), a, b ?? a, c ?? a));
      break;
    }
    case 'load':
      position.values.setLocal(line, k.f.keep(loadOf(k, position, line)), isReal);
      break;
    case 'store':
      if (second?.is !== 'field') throw new Error('a store into nothing');
      if (effect.at === true) {
        storeAt(k, position, line, operandValue(k, position.values, line, first, isReal));
        break;
      }
      store(
        k,
        position,
        second.field,
        second.role,
        operandValue(k, position.values, line, first, isReal),
        line.isUnchanged,
        effect.predicated ? predicateOf(k, position, line) : undefined,
      );
      break;
    case 'correlate':
      correlate(k, position, line);
      break;
    case 'draw': {
      if (second?.is !== 'generator') throw new Error('a draw from nothing');
      const predicate = effect.predicated ? predicateValue(k, position, line) : undefined;
      const holds = predicate && (() => isNotZero(k, predicate));
      position.values.setLocal(line, drawDeclared(k, position, line, second.generator, holds));
      break;
    }
    case 'emit':
      emit(
        k,
        position,
        operandValue(k, position.values, line, first, false),
        effect.sends ? operandValue(k, position.values, line, second, false) : undefined,
      );
      break;
    case 'reduce':
      addToSum(k, position, line, operandValue(k, position.values, line, first, isReal));
      break;
    case 'any':
      // Made for the row if all its items share it; for the tile, where its items are processed.
      keepAny(k, position, line, k.f.keep(isNotZero(k, valueOfAny(k, position, line))));
      break;
  }
}

function loadOf(k: KernelContext, position: Position, line: LinePlan): Value {
  if ('at' in line.operation.effect) return loadAt(k, position, line);
  const { instruction } = line;
  const [, source] = instruction.operands;
  const isReal = instruction.arithmetic === 'real';
  if (line.predicateWhen === undefined) return loadSource(k, position, source, isReal);
  const holds = predicateOf(k, position, line);
  const loaded = loadSource(k, position, source, isReal);
  return either(holds, loaded, zeroOf(k.piece.lanes, isReal));
}

/** Makes `any` of a tile from whether a value of any of its items is not zero. */
export function keepAny(k: KernelContext, position: Position, line: LinePlan, any: Local<'i32'>): void {
  position.values.setLocal(line, k.f.keep(splat(k.piece.lanes, any)));
}

/** The operand of `any`. */
export function valueOfAny(k: KernelContext, position: Position, line: LinePlan): LaneValue {
  return operandValue(k, position.values, line, line.instruction.operands[1], false);
}

function predicateValue(k: KernelContext, position: Position, line: LinePlan): LaneValue {
  const predicate: ImageOperand | undefined = line.instruction.operands[2];
  return operandValue(k, position.values, line, predicate, false);
}

/** Evaluates the predicate of a load or store into a variable of the row. */
function keepPredicate(k: KernelContext, position: Position, line: LinePlan): Local<'i32'> {
  const holds = k.f.keep(isNotZero(k, predicateValue(k, position, line)));
  position.row.holds.set(line.line, holds);
  return holds;
}

/** Whether the predicate of a load or store holds: known for the row, or tested by the tile's first vector. */
function predicateOf(k: KernelContext, position: Position, line: LinePlan): Local<'i32'> {
  const isOfTile = line.predicateWhen === 'item' || line.predicateWhen === 'tile';
  if (isOfTile && itemOf(position).vector === 0) return keepPredicate(k, position, line);
  return known(position.row.holds, line.line);
}

/** Whether the first lane's value is not zero. */
function isNotZero(k: KernelContext, { local }: LaneValue): Value<'i32'> {
  switch (k.piece.lanes) {
    case 'one':
      return local.as('i32').differsFrom(0);
    case 'i16x8':
      return i16x8.extract_lane_s(local.as('v128'), 0).differsFrom(0);
    default:
      return i32x4.extract_lane(local.as('v128'), 0).differsFrom(0);
  }
}

/** The generator of code for an instruction's values. */
function laneCode(k: KernelContext, position: Position, line: LinePlan): ScalarCode | VectorCode {
  const { f, preamble, piece, module } = k;
  const { datapathBits } = module.image.core;
  const isReal = line.instruction.arithmetic === 'real' && line.operation.kinds[0] !== 'flag';
  const context = { f, preamble, datapathBits, isReal, range: line.range };
  if (piece.lanes === 'one')
    return new ScalarCode(context, () => stepLaneCode(k, itemOf(position).block.column));
  const saturates = piece.lanes === 'i16x8' && line.saturates;
  const range = saturates && line.range !== undefined ? saturated(line.range) : line.range;
  return new VectorCode({ ...context, range, saturates, lanes: piece.lanes === 'i16x8' ? 8 : 4 }, (quarter) =>
    stepVector(k, position, quarter),
  );
}

/** The range that 16-bit lanes keep when they saturate. */
function saturated({ low, high }: ValueRange): ValueRange {
  const bounds = integerRange(16, true);
  return valueRange(clamp(low, bounds.low, bounds.high), clamp(high, bounds.low, bounds.high));
}

/* Code that loads into the registers of the current vector. */

/**
 * The items of the current vector; a value that all of them share is in every lane.
 *
 * @param isReal whether the register takes a float
 */
function loadSource(
  k: KernelContext,
  position: Position,
  source: ImageOperand | undefined,
  isReal: boolean,
): Value {
  const { lanes } = k.piece;
  const { map } = k.module;
  switch (source?.is) {
    case 'field': {
      if (source.role === 'pre') return loadOfRow(k, position.row.pre, source.field);
      const { block, vector } = itemOf(position);
      const resident = block.resident.get(source.field)?.[vector];
      return resident ?? loadItems(k, lanes, source.field, addressOf(k, position, source.field, source.role));
    }
    case 'index':
      return source.role === 'pre' ? splat(lanes, position.row.pre) : itemNumbers(k, position);
    case 'payload':
      if (k.value === undefined) throw new Error('no spike carries a value');
      return splatNumber(lanes, k.value, isReal);
    case 'event':
      return splatNumber(lanes, i32.load(0, map.event + 4 * source.scalar), isReal);
    case 'host':
      return splatNumber(lanes, i32.load(0, map.host + 4 * source.scalar), isReal);
    default:
      throw new Error('a load of nothing');
  }
}

/** A field of the row's neuron. */
function loadOfRow(k: KernelContext, pre: Local<'i32'>, field: number): Value {
  const value = loadItems(k, 'one', field, itemAddress(k, field, pre));
  if (areaOf(k, field).element !== 'f32') return splat(k.piece.lanes, value.as('i32'));
  return splatReal(k.piece.lanes, value.as('f32'));
}

/** A whole number in every lane, as a float where the register takes one. */
function splatNumber(lanes: LaneShape, value: Value<'i32'>, isReal: boolean): Value {
  return isReal ? splatReal(lanes, f32.convert_i32_s(value)) : splat(lanes, value);
}

function splatReal(lanes: LaneShape, value: Value<'f32'>): Value {
  return lanes === 'one' ? value : f32x4.splat(value);
}

/** The positions of the vector's items in their population, or in the one that it is a slice of. */
function itemNumbers({ piece, plan, module: { image } }: KernelContext, position: Position): Value {
  const { block, vector } = itemOf(position);
  const { first: firstItem = 0 } = image.populations[emittingPopulation(image, plan.kernel)] ?? {};
  const first = block.column.plus(firstItem + vector * piece.vector);
  if (piece.lanes === 'one') return first;
  const numbers = splat(piece.lanes, first).as('v128');
  return piece.lanes === 'i16x8'
    ? i16x8.add(numbers, v128.const(Int16Array.of(0, 1, 2, 3, 4, 5, 6, 7)))
    : i32x4.add(numbers, v128.const(Int32Array.of(0, 1, 2, 3)));
}
