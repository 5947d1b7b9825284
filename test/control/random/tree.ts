/*
 * Controllers as trees: what the generator makes, and the plain model runs. `languageOf` writes one down in the
 * language of hw-models.
 */

/** A formula. */
export type Tree =
  | { readonly is: 'number'; readonly value: number }
  | { readonly is: 'name'; readonly name: string }
  | { readonly is: 'apply'; readonly op: Operator; readonly args: readonly Tree[] }
  /** Of an entry that a visit goes through. */
  | { readonly is: 'field'; readonly of: string; readonly field: string }
  | { readonly is: 'length'; readonly queue: string; readonly slot: Tree | undefined }
  | { readonly is: 'row'; readonly table: string; readonly row: Tree; readonly field: string }
  | { readonly is: 'item'; readonly field: string; readonly item: Tree };

export const operators = [
  '+',
  '-',
  '*',
  '&',
  '|',
  '^',
  '<<',
  '>>',
  '<',
  '<=',
  '==',
  '!=',
  '&&',
  '||',
  '!',
  '?:',
  'min',
  'max',
  'abs',
  '%',
] as const;
export type Operator = (typeof operators)[number];

export interface TreeVisit {
  readonly each?: { readonly name: string; readonly through: Through };
  readonly while?: Tree;
  readonly together?: boolean;
  readonly core?: Tree;
  readonly when?: Tree;
  readonly does?: Action;
  readonly cycles?: Tree;
  readonly do?: readonly TreeVisit[];
  readonly else?: readonly TreeVisit[];
}

export type Through =
  | { readonly is: 'numbers'; readonly below: Tree }
  | { readonly is: 'queue'; readonly queue: string; readonly slot: Tree | undefined }
  | { readonly is: 'table'; readonly table: string };

export type Action =
  | {
      readonly is: 'run';
      readonly event: string;
      readonly with: readonly (readonly [scalar: string, value: Tree])[];
      readonly items: number;
      readonly spikes: readonly TreeVisit[];
    }
  | {
      readonly is: 'push';
      readonly queue: string;
      readonly slot: Tree | undefined;
      readonly entry: readonly (readonly [field: string, value: Tree])[];
      readonly full: readonly TreeVisit[] | undefined;
    }
  | { readonly is: 'pop' | 'clear'; readonly queue: string; readonly slot: Tree | undefined }
  | { readonly is: 'set'; readonly values: readonly (readonly [target: Target, value: Tree])[] }
  | { readonly is: 'let'; readonly name: string; readonly value: Tree }
  | { readonly is: 'until'; readonly time: Tree }
  | { readonly is: 'record'; readonly record: string; readonly values: readonly Tree[] }
  | { readonly is: 'call'; readonly routine: string };

export type Target =
  | { readonly register: string }
  | { readonly table: string; readonly row: Tree; readonly field: string };

export interface Width {
  readonly bits: number;
  readonly signed: boolean;
}

export interface Entry {
  readonly fields: ReadonlyMap<string, Width>;
  readonly isShared: boolean;
}

export interface TreeController {
  readonly cores: number;
  readonly constants: ReadonlyMap<string, number>;
  readonly registers: ReadonlyMap<string, Width & { readonly initial: number; readonly isShared: boolean }>;
  readonly queues: ReadonlyMap<string, Entry & { readonly depth: number; readonly slots: number }>;
  readonly tables: ReadonlyMap<string, Entry & { readonly rows: number }>;
  readonly records: ReadonlyMap<string, number>;
  readonly routines: ReadonlyMap<string, readonly TreeVisit[]>;
  readonly inputs: ReadonlyMap<
    string,
    { readonly takes: ReadonlyMap<string, Width>; readonly visits: readonly TreeVisit[] }
  >;
}

function formula(tree: Tree): string {
  switch (tree.is) {
    case 'number':
      return tree.value < 0 ? `(${tree.value})` : String(tree.value);
    case 'name':
      return tree.name;
    case 'field':
      return `${tree.of}.${tree.field}`;
    case 'length':
      return `${place(tree.queue, tree.slot)}.length`;
    case 'row':
      return `${tree.table}[${formula(tree.row)}].${tree.field}`;
    case 'item':
      return `${tree.field}[${formula(tree.item)}]`;
    case 'apply': {
      const args = tree.args.map(formula);
      if (tree.op === '?:') return `(${args[0]} ? ${args[1]} : ${args[2]})`;
      if (tree.op === '!') return `!${args[0]}`;
      if (/^\w+$/.test(tree.op)) return `${tree.op}(${args.join(', ')})`;
      return `(${args.join(` ${tree.op} `)})`;
    }
  }
}

const place = (name: string, slot: Tree | undefined): string =>
  slot === undefined ? name : `${name}[${formula(slot)}]`;

const formulasOf = (pairs: readonly (readonly [string, Tree])[]) =>
  Object.fromEntries(pairs.map(([name, value]) => [name, formula(value)]));

function action(does: Action): object {
  switch (does.is) {
    case 'run':
      return {
        run: does.event,
        with: formulasOf(does.with),
        ...(does.items !== 1 && { items: does.items }),
        ...(does.spikes.length > 0 && { spikes: does.spikes.map(visit) }),
      };
    case 'push':
      return {
        push: place(does.queue, does.slot),
        entry: formulasOf(does.entry),
        ...(does.full !== undefined && { full: does.full.map(visit) }),
      };
    case 'pop':
    case 'clear':
      return { [does.is]: place(does.queue, does.slot) };
    case 'set':
      return {
        set: Object.fromEntries(
          does.values.map(([target, value]) => [
            'register' in target
              ? target.register
              : `${target.table}[${formula(target.row)}].${target.field}`,
            formula(value),
          ]),
        ),
      };
    case 'let':
      return { let: { [does.name]: formula(does.value) } };
    case 'until':
      return { until: formula(does.time) };
    case 'record':
      return { record: { [does.record]: does.values.map(formula) } };
    case 'call':
      return { call: does.routine };
  }
}

function through(value: Through): string {
  if (value.is === 'numbers') return formula(value.below);
  return value.is === 'table' ? value.table : place(value.queue, value.slot);
}

function visit(tree: TreeVisit): object {
  return {
    ...(tree.each !== undefined && { each: { [tree.each.name]: through(tree.each.through) } }),
    ...(tree.together === true && { together: true }),
    ...(tree.while !== undefined && { while: formula(tree.while) }),
    ...(tree.core !== undefined && { core: formula(tree.core) }),
    ...(tree.when !== undefined && { when: formula(tree.when) }),
    ...(tree.does !== undefined && action(tree.does)),
    ...(tree.cycles !== undefined && { cycles: formula(tree.cycles) }),
    ...(tree.do !== undefined && { do: tree.do.map(visit) }),
    ...(tree.else !== undefined && { else: tree.else.map(visit) }),
  };
}

const each = <Item, Result>(items: ReadonlyMap<string, Item>, change: (item: Item) => Result) =>
  Object.fromEntries([...items].map(([name, item]) => [name, change(item)]));

const width = ({ bits, signed }: Width) => (signed ? { bits, signed } : bits);

/** The controller as an hw-model states it. */
export function languageOf(tree: TreeController): object {
  const held = ({ fields, isShared }: Entry) => ({
    entry: each(fields, width),
    ...(isShared && { shared: true }),
  });
  return {
    cores: tree.cores,
    constants: each(tree.constants, (value) => value),
    registers: each(tree.registers, ({ bits, signed, initial, isShared }) => ({
      bits,
      signed,
      initial,
      shared: isShared,
    })),
    queues: each(tree.queues, ({ depth, slots, ...entry }) => ({
      depth,
      ...(slots > 1 && { slots }),
      ...held(entry),
    })),
    tables: each(tree.tables, ({ rows, ...entry }) => ({ rows, ...held(entry) })),
    records: each(tree.records, (columns) => Array.from({ length: columns }, (_, index) => `c${index}`)),
    routines: each(tree.routines, (visits) => visits.map(visit)),
    inputs: each(tree.inputs, ({ takes, visits }) => ({ takes: each(takes, width), do: visits.map(visit) })),
  };
}
