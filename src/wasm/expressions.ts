import { tableOf } from '../text/index.ts';
import type { Immediates } from './immediates.ts';
import {
  type ImmediateKind,
  type InstructionName,
  instructions,
  type SignatureOf,
  type WasmInstruction,
} from './instructions.ts';
import type { FunctionHandle, ValueType } from './types.ts';
import { expression, type I32, Local, Statement, type Value, type WasmOperand } from './value.ts';

type Words<S extends string> = S extends `${infer Type extends ValueType} ${infer Rest}`
  ? [Type, ...Words<Rest>]
  : [];
type Operands<Types extends readonly ValueType[]> = { [Index in keyof Types]: WasmOperand<Types[Index]> };

/** The operands that an instruction's signature requires, as expressions, and the expression of its result. */
type Takes<S extends string> = S extends `${infer Params}->${string}` ? Operands<Words<Params>> : never;
type Gives<S extends string> = S extends `${string}-> ${infer Result extends ValueType}`
  ? Value<Result>
  : Statement;

/**
 * The instructions whose names begin with `Prefix` as functions of expressions: `i32x4.add(x, y)` is the expression of
 * the sum, `v128.store(address, x, 16)` the statement that stores. Operands come first, then immediates; the types are
 * those of the table of instructions.
 */
export type Expressions<Prefix extends string> = {
  readonly [Name in InstructionName as Name extends `${Prefix}.${infer Method}`
    ? Method
    : never]: (typeof instructions)[Name] extends WasmInstruction<infer Kind extends ImmediateKind>
    ? (...args: [...Takes<SignatureOf<Name>>, ...Immediates[Kind]]) => Gives<SignatureOf<Name>>
    : never;
};

const functions = tableOf<Record<string, unknown>>();

for (const instruction of Object.values<WasmInstruction>(instructions)) {
  const [prefix = '', name] = instruction.name.split('.');
  if (name === undefined) continue;
  functions[prefix] = { ...functions[prefix], [name]: toFunction(instruction) };
}

function toFunction(instruction: WasmInstruction<ImmediateKind>) {
  const { params, results } = instruction;
  return (...args: readonly unknown[]): Value | Statement => {
    const write: ConstructorParameters<typeof Statement>[0] = (f) => {
      for (const [index, type] of params.entries()) f.put(type, args[index] as WasmOperand<ValueType>);
      f.write(instruction, ...(args.slice(params.length) as Immediates[ImmediateKind]));
    };
    const [result] = results;
    return result === undefined ? new Statement(write) : expression(result, write);
  };
}

function group<Prefix extends string>(prefix: Prefix): Expressions<Prefix> {
  return functions[prefix] as Expressions<Prefix>;
}

export const i32 = group('i32');
export const i64 = group('i64');
export const f32 = group('f32');
export const f64 = group('f64');
export const v128 = group('v128');
export const i8x16 = group('i8x16');
export const i16x8 = group('i16x8');
export const i32x4 = group('i32x4');
export const i64x2 = group('i64x2');
export const f32x4 = group('f32x4');
export const memory = group('memory');

/** `a` if the condition is not zero, else `b`; both are evaluated. */
export function select<T extends ValueType>(condition: I32, a: Value<T>, b: Value<T>): Value<T>;
export function select(condition: I32, a: I32, b: I32): Value<'i32'>;
export function select<T extends ValueType>(
  condition: I32,
  a: WasmOperand<T>,
  b: WasmOperand<T>,
): Value<ValueType> {
  const type = typeOf(a) ?? typeOf(b) ?? 'i32';
  return expression(type, (f) => {
    f.put(type, a);
    f.put(type, b);
    f.put('i32', condition);
    f.write(instructions.select);
  });
}

function typeOf(operand: WasmOperand<ValueType>): ValueType | undefined {
  return typeof operand === 'object' ? operand.type : undefined;
}

/** `a` if the condition is not zero, else `b`; only the selected one is evaluated. */
export function either<T extends ValueType>(condition: I32, a: Value<T>, b: Value<T>): Value<T> {
  return expression(a.type, (f) => {
    f.put('i32', condition);
    f.write(instructions.if, a.type);
    f.put(a.type, a);
    f.write(instructions.else);
    f.put(a.type, b);
    f.write(instructions.end);
  });
}

/** The lesser of two signed integers. */
export function min(a: I32, b: I32): Value<'i32'> {
  return extreme('isBelow', a, b);
}

/** The greater of two signed integers. */
export function max(a: I32, b: I32): Value<'i32'> {
  return extreme('isAbove', a, b);
}

function extreme(isTaken: 'isBelow' | 'isAbove', a: I32, b: I32): Value<'i32'> {
  return expression('i32', (f) => {
    // Each is read twice, by the comparison and by the select.
    const [x, y] = [a, b].map((operand) =>
      typeof operand === 'number' || operand instanceof Local ? operand : f.keep(operand),
    );
    if (x === undefined || y === undefined) return;
    const left = typeof x === 'number' ? i32.const(x) : x;
    select(left[isTaken](y), x, y).writeTo(f);
  });
}

/** The result of a call to a function that has one. */
export function call(callee: FunctionHandle, ...args: readonly WasmOperand<ValueType>[]): Value {
  const [result] = callee.type.results;
  if (result === undefined) throw new Error(`${callee.name} returns nothing`);
  return expression(result, (f) => f.putCall(callee, args));
}
