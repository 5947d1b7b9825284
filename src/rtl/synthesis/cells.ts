import { at, PlasticoreError } from '../../text/index.ts';
import { attributeOf, type Group, groupName, type Liberty, pinsOf } from './liberty.ts';

/**
 * The cells of a library as modules of Verilog, as its functions say: gates, flip-flops and the clock gate. Others,
 * which no netlist here has, are left out.
 *
 * A gate and a flip-flop take a time each, so that glitches are seen; not in Verilator, which is fast where nothing has
 * to wait. The clock reaches all flip-flops at once, as a clock tree has it. Flip-flops begin with 0, as the banks of
 * the bench begin with their contents: on silicon, a host writes both.
 */
export function cellModels({ cells, clockGate }: Liberty): string {
  const modules = cells.flatMap((cell) => {
    const pins = pinsOf(cell);
    const flipFlop = cell.groups.find(({ kind }) => kind === 'ff');
    const outputs = pins.filter((pin) => attributeOf(pin, 'direction') === 'output');
    const isGate = outputs.every(
      ({ attributes }) => attributes.has('function') && !attributes.has('three_state'),
    );
    const isKnown =
      isGate && cell.groups.every(({ kind }) => !/^(latch|statetable|ff_bank|test_cell)/.test(kind));
    const isClockGate = clockGate?.cell === groupName(cell);
    if (outputs.length === 0 || (!isKnown && !isClockGate)) return [];
    const ports = pins.filter((pin) => attributeOf(pin, 'direction') !== 'internal');
    const body = isClockGate
      ? clockGateText(clockGate)
      : [
          ...(flipFlop === undefined ? [] : flipFlopText(flipFlop)),
          ...outputs.map((pin) => {
            // What a flip-flop shows has its time already.
            const delay = flipFlop === undefined ? `${after(delayNs(pin))} ` : '';
            return `assign ${delay}${groupName(pin)} = ${functionText(attributeOf(pin, 'function'))};`;
          }),
        ];
    return [
      `module ${groupName(cell)} (${ports.map((pin) => `${attributeOf(pin, 'direction')} ${groupName(pin)}`).join(', ')});`,
      ...body.map((line) => `  ${line}`),
      'endmodule',
    ];
  });
  return [
    '`timescale 1ns/1ps',
    ...['`ifdef VERILATOR', '`define AFTER(ns)', '`else', '`define AFTER(ns) #ns', '`endif'],
    ...modules,
    '',
  ].join('\n');

  function flipFlopText(flipFlop: Group): string[] {
    const [state = '', inverse = ''] = flipFlop.names;
    const of = (name: string): string => functionText(attributeOf(flipFlop, name) || '0');
    const output = cells
      .filter(({ groups }) => groups.includes(flipFlop))
      .flatMap(pinsOf)
      .find((pin) => attributeOf(pin, 'direction') === 'output');
    return [
      `reg ${state} = 1'b0;`,
      `wire ${inverse} = ~${state};`,
      `wire rises = ${of('clocked_on')}, clears = ${of('clear')}, sets = ${of('preset')};`,
      'always @(posedge rises, posedge clears, posedge sets)',
      `  ${state} <= ${after(output === undefined ? 0 : delayNs(output))} clears ? 1'b0 : sets ? 1'b1 : ${of('next_state')};`,
    ];
  }
}

const after = (ns: number): string => `\`AFTER(${ns})`;

function clockGateText({ enable, clock, gated }: NonNullable<Liberty['clockGate']>): string[] {
  return [
    "reg lets = 1'b0;",
    `always_latch if (~${clock}) lets = ${enable};`,
    `assign ${gated} = ${clock} & lets;`,
  ];
}

/** The mean of an output's delays, in the middle of their tables' slews, at the second load; in ns. */
function delayNs(pin: Group): number {
  const tables = pin.groups
    .filter(({ kind }) => kind === 'timing')
    .flatMap(({ groups }) => groups.filter(({ kind }) => /^cell_(rise|fall)$/.test(kind)));
  const delays = tables.map((table) => {
    const rows = tableNumbers(table, 'index_1').length;
    const all = tableNumbers(table, 'values');
    const columns = all.length / Math.max(1, rows);
    return all[Math.floor(rows / 2) * columns + Math.min(1, columns - 1)] ?? 0;
  });
  const mean = delays.reduce((sum, delay) => sum + delay, 0) / Math.max(1, delays.length);
  return Math.max(0, Math.round(mean * 1000) / 1000);
}

/** The numbers of an attribute, such as those of a table. */
export function tableNumbers(table: Group, name: string): number[] {
  return [...attributeOf(table, name).matchAll(/[-+\d.e]+/gi)].map(([number]) => Number(number));
}

/** What a function of a cell is made into: text, or something that computes it. */
export interface FunctionAlgebra<T> {
  readonly pin: (name: string) => T;
  readonly constant: (value: 0 | 1) => T;
  readonly not: (of: T, isBehind: boolean) => T;
  readonly join: (operator: '^' | '&' | '|', of: readonly T[]) => T;
}

const verilog: FunctionAlgebra<string> = {
  pin: (name) => name,
  constant: (value) => `1'b${value}`,
  not: (of, isBehind) => (isBehind ? `(~${of})` : `~${of}`),
  join: (operator, of) => `(${of.join(` ${operator} `)})`,
};

/** A function of Liberty in Verilog. */
export const functionText = (text: string): string => readFunction(text, verilog);

/**
 * Reads a function of Liberty, where an exclusive or binds more than an and, and a space is an and.
 *
 * @throws PlasticoreError `data` for what is none
 */
export function readFunction<T>(text: string, { pin, constant, not, join }: FunctionAlgebra<T>): T {
  const tokens = text.match(/\w+|[()!'^&*|+]/g) ?? [];
  let next = 0;
  const take = (...wanted: readonly string[]): boolean => {
    const isIt = wanted.includes(tokens[next] ?? '');
    if (isIt) next += 1;
    return isIt;
  };
  const noFunction = (): PlasticoreError =>
    new PlasticoreError('data', `expected a function of a cell, found '${text}'`);
  const value = (): T => {
    if (take('!')) return not(value(), false);
    const token = tokens[next++] ?? '';
    if (token !== '(' && !/^\w+$/.test(token)) throw noFunction();
    let inner = token === '(' ? or() : token === '0' ? constant(0) : token === '1' ? constant(1) : pin(token);
    if (token === '(' && !take(')')) throw noFunction();
    while (take("'")) inner = not(inner, true);
    return inner;
  };
  const joined = (of: () => T, isNext: () => boolean, operator: '^' | '&' | '|'): T => {
    const terms = [of()];
    while (isNext()) terms.push(of());
    return terms.length === 1 ? at(terms, 0) : join(operator, terms);
  };
  const xor = (): T => joined(value, () => take('^'), '^');
  const and = (): T => joined(xor, () => take('&', '*') || /^[\w(!]/.test(tokens[next] ?? ''), '&');
  const or = (): T => joined(and, () => take('|', '+'), '|');
  const whole = or();
  if (next < tokens.length) throw noFunction();
  return whole;
}
