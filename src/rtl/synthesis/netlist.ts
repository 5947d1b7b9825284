import * as z from 'zod';
import { at, known, PlasticoreError, recordOf } from '../../text/index.ts';

/** A cell of a netlist, or a memory that stands in it as a black box. */
export interface NetlistCell {
  /** Names of instances from the top module, joined by dots. */
  readonly path: string;
  /** The module whose text it comes from. */
  readonly module: string;
  readonly type: string;
  /** The nets at each pin, by number; that of a constant is undefined. A pin of a library's cell has one. */
  readonly pins: ReadonlyMap<string, readonly (number | undefined)[]>;
}

/** All cells below the top module, whatever modules they are in. */
export interface Netlist {
  readonly cells: readonly NetlistCell[];
  /** How many nets there are. */
  readonly nets: number;
}

const bits = z.array(z.union([z.number(), z.string()]));
const schema = z.object({
  modules: recordOf(
    z.string(),
    z.object({
      attributes: recordOf(z.string(), z.unknown()),
      ports: recordOf(z.string(), z.object({ bits })),
      cells: recordOf(z.string(), z.object({ type: z.string(), connections: recordOf(z.string(), bits) })),
    }),
  ),
});

/**
 * Reads a netlist as yosys writes it with `write_json`.
 *
 * @throws PlasticoreError `run` if it is no such netlist
 */
export function readNetlist(text: string, file: string, top: string): Netlist {
  const found = schema.safeParse(JSON.parse(text));
  const modules = new Map(Object.entries(found.data?.modules ?? {}));
  if (!modules.has(top))
    throw new PlasticoreError('run', `${file}: expected a netlist of yosys with the module ${top}`);
  const cells: NetlistCell[] = [];
  // Of each net, one that it is joined to, or itself: a module may have one net at two of its ports.
  const joined: number[] = [];
  const rootOf = (net: number): number => {
    let root = net;
    while (at(joined, root) !== root) root = at(joined, root);
    return root;
  };
  const enter = (module: string, path: readonly string[], outside: ReadonlyMap<number, number>) => {
    // Numbers of nets within the module, which is there as often as it has instances.
    const inside = new Map(outside);
    const netOf = (bit: number | string): number | undefined => {
      if (typeof bit === 'string') return undefined;
      if (!inside.has(bit)) inside.set(bit, joined.push(joined.length) - 1);
      return inside.get(bit);
    };
    for (const [name, { type, connections }] of Object.entries(known(modules, module).cells)) {
      const pins = new Map(Object.entries(connections).map(([pin, all]) => [pin, all.map(netOf)]));
      const inner = modules.get(type);
      if (inner === undefined || inner.attributes.blackbox !== undefined) {
        cells.push({ path: [...path, name].join('.'), module: plainName(module), type, pins });
        continue;
      }
      const ports = new Map<number, number>();
      for (const [port, { bits: own }] of Object.entries(inner.ports))
        for (const [index, bit] of own.entries()) {
          const net = pins.get(port)?.[index];
          if (typeof bit !== 'number' || net === undefined) continue;
          const other = ports.get(bit);
          if (other !== undefined) joined[rootOf(net)] = rootOf(other);
          ports.set(bit, net);
        }
      enter(type, [...path, name], ports);
    }
  };
  enter(top, [], new Map());
  const whole = (all: readonly (number | undefined)[]) =>
    all.map((net) => (net === undefined ? net : rootOf(net)));
  return {
    cells: cells.map((cell) => ({
      ...cell,
      pins: new Map([...cell.pins].map(([pin, all]) => [pin, whole(all)])),
    })),
    nets: joined.length,
  };
}

/** A name that begins with $ is that of a module with parameters: `$paramod...\name`. */
const plainName = (module: string): string => module.replace(/^.*\\/, '');
