import {
  type BinaryOperator,
  type FormulaFunction,
  type FormulaMeaning,
  formulaOperations,
} from '../text/index.ts';
import {
  call,
  either,
  type FunctionHandle,
  f64,
  i32,
  i64,
  type ModuleBuilder,
  max,
  min,
  type Value,
} from '../wasm/index.ts';

/**
 * A number that code computes, with what is known of it. Formulas are of doubles; a number that is known to be whole
 * and within 32 bits is an i32, and comes to the same. There is one zero.
 */
export interface Num {
  readonly code: Value<'i32'> | Value<'f64'>;
  readonly low: number;
  readonly high: number;
  readonly isWhole: boolean;
  /** Its value, where that is known. */
  readonly constant?: number | undefined;
}

const [lowest, highest] = [-(2 ** 31), 2 ** 31 - 1];
export const mostSafe = Number.MAX_SAFE_INTEGER;

const isWord = (low: number, high: number): boolean => low >= lowest && high <= highest;

export function constant(value: number): Num {
  const plain = value + 0;
  const isWhole = Number.isInteger(plain);
  const code = isWhole && isWord(plain, plain) ? i32.const(plain) : f64.const(plain);
  const [low, high] = Number.isNaN(plain)
    ? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
    : [plain, plain];
  return { code, low, high, isWhole, constant: plain };
}

/** A double. @param low, high its bounds; NaN where they are not known */
function double(code: Value<'f64'>, low: number, high: number, isWhole = false): Num {
  if (Number.isNaN(low) || Number.isNaN(high))
    return { code, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, isWhole: false };
  return { code, low, high, isWhole: isWhole && Number.isFinite(low) && Number.isFinite(high) };
}

export const unbounded = (code: Value<'f64'>): Num => double(code, Number.NaN, Number.NaN);

export function wordNum(code: Value<'i32'>, low: number, high: number): Num {
  return { code, low, high, isWhole: true };
}

const bit = (code: Value<'i32'>): Num => wordNum(code, 0, 1);

export function asDouble({ code, constant: value }: Num): Value<'f64'> {
  if (value !== undefined) return f64.const(value);
  return code.type === 'f64' ? code : f64.convert_i32_s(code);
}

/** A number that is known to be an i32. */
export function asWord({ code }: Num): Value<'i32'> {
  return code.as('i32');
}

/** Whether a number is not 0. */
export function isTrue({ code }: Num): Value<'i32'> {
  return code.type === 'i32' ? code : f64.ne(code, 0);
}

/** Whether a number is not 0, as far as its bounds tell. */
export function truthOf({ low, high }: Num): boolean | undefined {
  if (low > 0 || high < 0) return true;
  return low === 0 && high === 0 ? false : undefined;
}

const asBit = (num: Num): Value<'i32'> =>
  num.code.type === 'i32' && (num.low < 0 || num.high > 1) ? num.code.differsFrom(0) : isTrue(num);

/** Functions of numbers that WebAssembly does not have, by name, as the host provides them. */
export const hostMath = {
  toWord: (value: number): number => value | 0,
  remainder: formulaOperations.binary['%'],
  power: formulaOperations.binary['**'],
  log2: Math.log2,
  round: Math.round,
};

/** The meaning of formulas in code. */
export class NumMeaning implements FormulaMeaning<Num> {
  readonly #host: Readonly<Record<keyof typeof hostMath, FunctionHandle>>;

  constructor(module: ModuleBuilder) {
    const of = (name: keyof typeof hostMath, params: readonly 'f64'[], result: 'f64' | 'i32') =>
      module.importFunction('math', name, { params, results: [result] });
    this.#host = {
      toWord: of('toWord', ['f64'], 'i32'),
      remainder: of('remainder', ['f64', 'f64'], 'f64'),
      power: of('power', ['f64', 'f64'], 'f64'),
      log2: of('log2', ['f64'], 'f64'),
      round: of('round', ['f64'], 'f64'),
    };
  }

  number(value: number): Num {
    return constant(value);
  }

  unary(operator: '-' | '+' | '!', a: Num): Num {
    if (a.constant !== undefined) return constant(formulaOperations.unary[operator](a.constant));
    if (operator === '+') return a;
    if (operator === '-') return arithmetic('sub', constant(0), a, [-a.high, -a.low]);
    return bit(a.code.type === 'i32' ? a.code.isZero() : f64.eq(a.code, 0));
  }

  binary(operator: BinaryOperator, a: Num, b: Num): Num {
    if (a.constant !== undefined && b.constant !== undefined)
      return constant(formulaOperations.binary[operator](a.constant, b.constant));
    switch (operator) {
      case '+':
        return arithmetic('add', a, b, [a.low + b.low, a.high + b.high]);
      case '-':
        return arithmetic('sub', a, b, [a.low - b.high, a.high - b.low]);
      case '*':
        return arithmetic('mul', a, b, [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high]);
      case '/':
        return this.#quotient(a, b);
      case '%':
        return this.#remainder(a, b);
      case '**':
        return unbounded(this.#call('power', a, b));
      case '<':
        return compare('lt', a, b);
      case '<=':
        return compare('le', a, b);
      case '>':
        return compare('gt', a, b);
      case '>=':
        return compare('ge', a, b);
      case '==':
        return compare('eq', a, b);
      case '!=':
        return compare('ne', a, b);
      default:
        return bitwise(operator, this.toWord(a), this.toWord(b));
    }
  }

  logical(operator: '&&' | '||', a: Num, b: Num): Num {
    const decides = operator === '&&' ? 0 : 1;
    if (a.constant !== undefined)
      return Number(a.constant !== 0) === decides ? constant(decides) : bit(asBit(b));
    const code =
      decides === 0 ? either(isTrue(a), asBit(b), i32.const(0)) : either(isTrue(a), i32.const(1), asBit(b));
    // What the second one decides, too, is known, though the first is computed.
    return truthOf(b) === (decides === 1) || truthOf(a) === (decides === 1)
      ? wordNum(code, decides, decides)
      : bit(code);
  }

  choose(test: Num, yes: Num, no: Num): Num {
    if (test.constant !== undefined) return test.constant !== 0 ? yes : no;
    const [low, high] = [Math.min(yes.low, no.low), Math.max(yes.high, no.high)];
    if (yes.code.type === 'i32' && no.code.type === 'i32')
      return wordNum(either(isTrue(test), yes.code, no.code), low, high);
    return double(either(isTrue(test), asDouble(yes), asDouble(no)), low, high, yes.isWhole && no.isWhole);
  }

  call(name: FormulaFunction, values: readonly Num[]): Num {
    const constants = values.map(({ constant: value }) => value);
    if (constants.every((value) => value !== undefined))
      return constant(formulaOperations.functions[name](...constants));
    const [first, ...others] = values;
    if (first === undefined) return constant(formulaOperations.functions[name]());
    if (name === 'min' || name === 'max') return others.reduce((a, b) => extreme(name, a, b), first);
    if (name === 'log2') return unbounded(this.#call('log2', first));
    const { code, low, high } = first;
    if (name === 'abs') return low >= 0 ? first : absolute(first);
    if (code.type === 'i32') return first;
    if (name === 'round') return double(this.#call('round', first), Math.round(low), Math.round(high), true);
    const round = Math[name];
    return double(f64[name](code), round(low), round(high), true);
  }

  /** The lowest 32 bits of the whole part, in two's complement. */
  toWord(num: Num): Num {
    const { code, low, high } = num;
    if (code.type === 'i32') return num;
    const isWithin = num.isWhole && isWord(low, high);
    if (isWithin) return wordNum(i32.trunc_sat_f64_s(code), low, high);
    const isNear = low > -(2 ** 63) && high < 2 ** 63;
    const bits = isNear ? i32.wrap_i64(i64.trunc_sat_f64_s(code)) : call(this.#host.toWord, code).as('i32');
    return wordNum(bits, lowest, highest);
  }

  #quotient(a: Num, b: Num): Num {
    const bounds =
      b.low > 0 || b.high < 0
        ? [a.low / b.low, a.low / b.high, a.high / b.low, a.high / b.high]
        : [Number.NaN];
    return double(f64.div(asDouble(a), asDouble(b)), Math.min(...bounds), Math.max(...bounds));
  }

  /** It has the sign of the dividend. */
  #remainder(a: Num, b: Num): Num {
    const most = Math.max(Math.abs(b.low), Math.abs(b.high)) - 1;
    const [low, high] = [Math.max(Math.min(a.low, 0), -most), Math.min(Math.max(a.high, 0), most)];
    const isDefined = (b.low > 0 || b.high < 0) && b.isWhole && a.isWhole;
    if (!isDefined) return unbounded(this.#call('remainder', a, b));
    if (a.code.type !== 'i32' || b.code.type !== 'i32')
      return double(this.#call('remainder', a, b), low, high, true);
    const isPlain = a.low >= 0 && b.low >= 0;
    return wordNum(isPlain ? i32.rem_u(a.code, b.code) : i32.rem_s(a.code, b.code), low, high);
  }

  #call(name: 'remainder' | 'power' | 'log2' | 'round', ...values: readonly Num[]): Value<'f64'> {
    return call(this.#host[name], ...values.map(asDouble)).as('f64');
  }
}

function arithmetic(name: 'add' | 'sub' | 'mul', a: Num, b: Num, bounds: readonly number[]): Num {
  const [low, high] = [Math.min(...bounds), Math.max(...bounds)];
  if (a.code.type === 'i32' && b.code.type === 'i32' && isWord(low, high))
    return wordNum(i32[name](a.code, b.code), low, high);
  return double(f64[name](asDouble(a), asDouble(b)), low, high, a.isWhole && b.isWhole);
}

const ofWords = { lt: 'lt_s', le: 'le_s', gt: 'gt_s', ge: 'ge_s', eq: 'eq', ne: 'ne' } as const;

function compare(name: keyof typeof ofWords, a: Num, b: Num): Num {
  if (a.code.type === 'i32' && b.code.type === 'i32') return bit(i32[ofWords[name]](a.code, b.code));
  return bit(f64[name](asDouble(a), asDouble(b)));
}

function bitwise(operator: '&' | '|' | '^' | '<<' | '>>', a: Num, b: Num): Num {
  const [x, y] = [asWord(a), asWord(b)];
  const isPlain = a.low >= 0 && b.low >= 0;
  switch (operator) {
    case '&': {
      const bounds = [a, b].flatMap(({ low, high }) => (low >= 0 ? [high] : []));
      return bounds.length > 0
        ? wordNum(x.and(y), 0, Math.min(...bounds))
        : wordNum(x.and(y), lowest, highest);
    }
    case '|':
    case '^': {
      const code = operator === '|' ? x.or(y) : i32.xor(x, y);
      if (!isPlain) return wordNum(code, lowest, highest);
      return wordNum(code, 0, 2 ** (32 - Math.clz32(Math.max(a.high, b.high))) - 1);
    }
    case '<<': {
      const scale = b.constant === undefined ? Number.NaN : 2 ** (b.constant & 31);
      const [low, high] = [a.low * scale, a.high * scale];
      return isWord(low, high) ? wordNum(i32.shl(x, y), low, high) : wordNum(i32.shl(x, y), lowest, highest);
    }
    case '>>': {
      const { constant: bits } = b;
      const code = i32.shr_s(x, y);
      if (bits !== undefined) return wordNum(code, a.low >> bits, a.high >> bits);
      return wordNum(code, Math.min(a.low, 0), Math.max(a.high, 0));
    }
  }
}

function extreme(name: 'min' | 'max', a: Num, b: Num): Num {
  const [low, high] = [Math[name](a.low, b.low), Math[name](a.high, b.high)];
  if (a.code.type === 'i32' && b.code.type === 'i32')
    return wordNum((name === 'min' ? min : max)(a.code, b.code), low, high);
  return double(f64[name](asDouble(a), asDouble(b)), low, high, a.isWhole && b.isWhole);
}

function absolute(num: Num): Num {
  const most = Math.max(-num.low, num.high);
  return double(f64.abs(asDouble(num)), Math.max(0, num.low, -num.high), most, num.isWhole);
}
