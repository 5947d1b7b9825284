import jsep from 'jsep';
import { type Place, PlasticoreError } from './error.ts';
import { isReserved, suggest, tableOf } from './names.ts';

/** A number, or an expression over named numbers such as `2 ** (max(weightBits, 8) - 1 + gain)`. */
export type Formula = number | string;

const functions: ReadonlyMap<string, (...values: number[]) => number> = new Map(
  Object.entries({
    abs: Math.abs,
    ceil: Math.ceil,
    floor: Math.floor,
    log2: Math.log2,
    max: Math.max,
    min: Math.min,
    round: Math.round,
  }),
);

/** The longest formula in characters. It bounds how deeply a formula can nest, since evaluation recurses. */
const longestFormula = 1000;

const binary: Readonly<Record<string, (a: number, b: number) => number>> = tableOf({
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
});

const unary: Readonly<Record<string, (a: number) => number>> = tableOf({
  '-': (a) => -a,
  '+': (a) => a,
  '!': (a) => Number(a === 0),
});

/** A formula that has been read: its value, as often as one asks. */
export type CompiledFormula = () => number;

/** The values of the names in a formula. */
export interface FormulaNames {
  /** A name by itself, `threshold`; undefined if there is none. */
  readonly value: (name: string) => CompiledFormula | undefined;
  /** What has a member, an index or both: `entry.target`, `neurons.acc[n]`, `pool[n].delay`. Absent for none. */
  readonly part?:
    | ((name: string, member: string | undefined, index?: CompiledFormula) => CompiledFormula)
    | undefined;
  /** The names that exist, for the hint when one is unknown. */
  readonly known: readonly string[];
}

/**
 * Reads a formula once, to compute its value many times. Of `a ? b : c`, `&&` and `||`, only what decides is computed.
 *
 * @throws PlasticoreError `syntax` or `invalid-value`, also for a name that does not exist
 */
export function compileFormula(formula: Formula, names: FormulaNames, place: Place = {}): CompiledFormula {
  if (typeof formula === 'number') return () => formula;
  const { value: named, part, known } = names;
  return compile(parse(formula, place));

  function compile(node: jsep.Expression): CompiledFormula {
    if (isA<jsep.Literal>(node, 'Literal') && typeof node.value === 'number') {
      const { value } = node;
      return () => value;
    }
    if (isA<jsep.Identifier>(node, 'Identifier')) {
      const found = isReserved(node.name) ? undefined : named(node.name);
      if (found !== undefined) return found;
      throw new PlasticoreError('invalid-value', `'${formula}': '${node.name}' is not defined`, {
        ...place,
        hint: suggest(node.name, known),
      });
    }
    if (isA<jsep.UnaryExpression>(node, 'UnaryExpression')) {
      const operation = unary[node.operator];
      const argument = operation && compile(node.argument);
      if (operation !== undefined && argument !== undefined) return () => operation(argument());
    }
    if (isA<jsep.BinaryExpression>(node, 'BinaryExpression')) {
      const computed = compileBinary(node);
      if (computed !== undefined) return computed;
    }
    if (isA<jsep.ConditionalExpression>(node, 'ConditionalExpression')) {
      const [test, yes, no] = [node.test, node.consequent, node.alternate].map(compile);
      if (test && yes && no) return () => (test() !== 0 ? yes() : no());
    }
    if (isA<jsep.CallExpression>(node, 'CallExpression') && isA<jsep.Identifier>(node.callee, 'Identifier'))
      return compileCall(node.callee.name, node.arguments);
    if (part !== undefined && isA<jsep.MemberExpression>(node, 'MemberExpression'))
      return compilePart(node, part);
    throw notArithmetic();
  }

  function compileBinary({ operator, left, right }: jsep.BinaryExpression): CompiledFormula | undefined {
    const operation = binary[operator];
    if (operation === undefined && operator !== '&&' && operator !== '||') return undefined;
    const [a, b] = [compile(left), compile(right)];
    if (operation !== undefined) return () => operation(a(), b());
    return operator === '&&' ? () => Number(a() !== 0 && b() !== 0) : () => Number(a() !== 0 || b() !== 0);
  }

  function compileCall(name: string, operands: readonly jsep.Expression[]): CompiledFormula {
    const called = functions.get(name);
    if (called !== undefined) {
      const values = operands.map(compile);
      return () => called(...values.map((value) => value()));
    }
    throw new PlasticoreError('invalid-value', `'${formula}': there is no function '${name}'`, {
      ...place,
      hint: suggest(name, [...functions.keys()]),
    });
  }

  /** `a.b`, `a[i]`, `a[i].b` and `a.b[i]`. */
  function compilePart(node: jsep.MemberExpression, resolve: NonNullable<typeof part>): CompiledFormula {
    let member: string | undefined;
    let index: CompiledFormula | undefined;
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
  const value = compileFormula(
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
    const reason = error instanceof Error ? error.message : String(error);
    throw new PlasticoreError('syntax', `'${formula}' is not an expression: ${reason}`, place);
  }
}

function isA<Node extends jsep.Expression>(node: jsep.Expression, type: Node['type']): node is Node {
  return node.type === type;
}
