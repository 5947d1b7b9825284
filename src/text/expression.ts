import jsep from 'jsep';
import { messageOf } from './attempt.ts';
import { type Place, PlasticoreError } from './error.ts';
import { isReserved, suggest } from './names.ts';

/** A number, or an expression over named numbers such as `2 ** (max(weightBits, 8) - 1 + gain)`. */
export type Formula = number | string;

const functions: Readonly<Record<FormulaFunction, (...values: number[]) => number>> = {
  abs: Math.abs,
  ceil: Math.ceil,
  floor: Math.floor,
  log2: Math.log2,
  max: Math.max,
  min: Math.min,
  round: Math.round,
};

/** The longest formula in characters. It bounds how deeply a formula can nest, since evaluation recurses. */
const longestFormula = 1000;

const binary = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '**': (a, b) => a ** b,
  '<': (a, b) => Number(a < b),
  '<=': (a, b) => Number(a <= b),
  '>': (a, b) => Number(a > b),
  '>=': (a, b) => Number(a >= b),
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  // Whole numbers as 32 bits in two's complement.
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '<<': (a, b) => a << b,
  '>>': (a, b) => a >> b,
} satisfies Readonly<Record<string, (a: number, b: number) => number>>;

const unary = {
  '-': (a) => -a,
  '+': (a) => a,
  '!': (a) => Number(a === 0),
} satisfies Readonly<Record<string, (a: number) => number>>;

/** A formula that has been read: its value, as often as one asks. */
export type CompiledFormula = () => number;

/** The values of the names in a formula. */
export interface FormulaNames<Result = CompiledFormula> {
  /** A name by itself, `threshold`; undefined if there is none. */
  readonly value: (name: string) => Result | undefined;
  /** What has a member, an index or both: `entry.target`, `neurons.acc[n]`, `pool[n].delay`. Absent for none. */
  readonly part?: ((name: string, member: string | undefined, index?: Result) => Result) | undefined;
  /** The names that exist, for the hint when one is unknown. */
  readonly known: readonly string[];
}

export type UnaryOperator = keyof typeof unary;
export type BinaryOperator = keyof typeof binary;
export type FormulaFunction = 'abs' | 'ceil' | 'floor' | 'log2' | 'max' | 'min' | 'round';

/** What becomes of the parts of a formula: closures here, code elsewhere. */
export interface FormulaMeaning<Result> {
  number(value: number): Result;
  unary(operator: UnaryOperator, argument: Result): Result;
  binary(operator: BinaryOperator, left: Result, right: Result): Result;
  /** Only what decides is computed. */
  logical(operator: '&&' | '||', left: Result, right: Result): Result;
  choose(test: Result, yes: Result, no: Result): Result;
  call(name: FormulaFunction, values: readonly Result[]): Result;
}

/** Closures that compute. */
export const closures: FormulaMeaning<CompiledFormula> = {
  number: (value) => () => value,
  unary(operator, argument) {
    const operation = unary[operator];
    return () => operation(argument());
  },
  binary(operator, left, right) {
    const operation = binary[operator];
    return () => operation(left(), right());
  },
  logical: (operator, left, right) =>
    operator === '&&'
      ? () => Number(left() !== 0 && right() !== 0)
      : () => Number(left() !== 0 || right() !== 0),
  choose: (test, yes, no) => () => (test() !== 0 ? yes() : no()),
  call(name, values) {
    const called = functions[name];
    return () => called(...values.map((value) => value()));
  },
};

/** What an operation or a function makes of numbers. */
export const formulaOperations = { unary, binary, functions };

/**
 * Reads a formula once, and makes of it what its parts mean: with {@link closures}, a value that is computed many
 * times. Of `a ? b : c`, `&&` and `||`, only what decides is.
 *
 * @throws PlasticoreError `syntax` or `invalid-value`, also for a name that does not exist
 */
export function readFormula<Result>(
  formula: Formula,
  names: FormulaNames<Result>,
  meaning: FormulaMeaning<Result>,
  place: Place = {},
): Result {
  if (typeof formula === 'number') return meaning.number(formula);
  const { value: named, part, known } = names;
  return compile(parse(formula, place));

  function compile(node: jsep.Expression): Result {
    if (isA<jsep.Literal>(node, 'Literal') && typeof node.value === 'number')
      return meaning.number(node.value);
    if (isA<jsep.Identifier>(node, 'Identifier')) {
      const found = isReserved(node.name) ? undefined : named(node.name);
      if (found !== undefined) return found;
      throw new PlasticoreError('invalid-value', `'${formula}': '${node.name}' is not defined`, {
        ...place,
        hint: suggest(node.name, known),
      });
    }
    if (isA<jsep.UnaryExpression>(node, 'UnaryExpression') && isOf(unary, node.operator))
      return meaning.unary(node.operator, compile(node.argument));
    if (isA<jsep.BinaryExpression>(node, 'BinaryExpression')) {
      const { operator } = node;
      const isLogical = operator === '&&' || operator === '||';
      if (isLogical) return meaning.logical(operator, compile(node.left), compile(node.right));
      if (isOf(binary, operator)) return meaning.binary(operator, compile(node.left), compile(node.right));
    }
    if (isA<jsep.ConditionalExpression>(node, 'ConditionalExpression'))
      return meaning.choose(compile(node.test), compile(node.consequent), compile(node.alternate));
    if (isA<jsep.CallExpression>(node, 'CallExpression') && isA<jsep.Identifier>(node.callee, 'Identifier'))
      return compileCall(node.callee.name, node.arguments);
    if (part !== undefined && isA<jsep.MemberExpression>(node, 'MemberExpression'))
      return compilePart(node, part);
    throw notArithmetic();
  }

  function compileCall(name: string, operands: readonly jsep.Expression[]): Result {
    if (isOf(functions, name)) return meaning.call(name, operands.map(compile));
    throw new PlasticoreError('invalid-value', `'${formula}': there is no function '${name}'`, {
      ...place,
      hint: suggest(name, Object.keys(functions)),
    });
  }

  /** `a.b`, `a[i]`, `a[i].b` and `a.b[i]`. */
  function compilePart(node: jsep.MemberExpression, resolve: NonNullable<typeof part>): Result {
    let member: string | undefined;
    let index: Result | undefined;
    let inner: jsep.Expression = node;
    while (isA<jsep.MemberExpression>(inner, 'MemberExpression')) {
      if (inner.computed) {
        if (index !== undefined) throw notArithmetic();
        index = compile(inner.property);
      } else {
        if (member !== undefined || !isA<jsep.Identifier>(inner.property, 'Identifier'))
          throw notArithmetic();
        member = inner.property.name;
      }
      inner = inner.object;
    }
    if (!isA<jsep.Identifier>(inner, 'Identifier') || isReserved(inner.name)) throw notArithmetic();
    return resolve(inner.name, member, index);
  }

  function notArithmetic(): PlasticoreError {
    return new PlasticoreError('syntax', `'${formula}' is not an arithmetic expression`, {
      ...place,
      hint: 'numbers, names, + - * / % **, & | ^ << >>, comparisons, && || !, a ? b : c, and min, max, abs, floor, ceil, round, log2',
    });
  }
}

/**
 * The value of a formula.
 *
 * @param names returns the value of a name in the formula; called once per name, so values can be computed on demand
 * @param known the names that exist, for the hint when one is unknown
 */
export function evaluate(
  formula: Formula,
  names: (name: string) => number | undefined,
  known: readonly string[],
  place: Place = {},
): number {
  if (typeof formula === 'number') return formula;
  const value = readFormula(
    formula,
    {
      value: (name) => () => {
        const found = names(name);
        if (found !== undefined) return found;
        throw new PlasticoreError('invalid-value', `'${formula}': '${name}' is not defined`, {
          ...place,
          hint: suggest(name, known),
        });
      },
      known,
    },
    closures,
    place,
  )();
  if (!Number.isFinite(value)) throw new PlasticoreError('invalid-value', `'${formula}' is ${value}`, place);
  return value;
}

function parse(formula: string, place: Place): jsep.Expression {
  if (formula.length > longestFormula)
    throw new PlasticoreError(
      'invalid-value',
      `a formula of ${formula.length} characters, ${longestFormula} at most: '${formula.slice(0, 20)}...'`,
      { ...place, hint: 'give parts of it names of their own under parameters:' },
    );
  try {
    return jsep(formula.replace(/\b0[xX][0-9a-fA-F]+\b/g, (digits) => String(Number(digits))));
  } catch (error) {
    const reason = messageOf(error);
    throw new PlasticoreError('syntax', `'${formula}' is not an expression: ${reason}`, place);
  }
}

function isOf<Table extends object>(table: Table, name: PropertyKey): name is keyof Table {
  return Object.hasOwn(table, name);
}

function isA<Node extends jsep.Expression>(node: jsep.Expression, type: Node['type']): node is Node {
  return node.type === type;
}
