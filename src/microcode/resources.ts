import type { Bank } from '../hardware/index.ts';
import type { MicrocodeUnit } from './unit.ts';

/** The ports of a bank. */
export function portsOfBank({ ports }: MicrocodeUnit, bank: number): Bank['ports'] {
  return ports[bank] ?? { read: 1, write: 1 };
}

/** The resource that a read of a bank takes. */
export function readPort(unit: MicrocodeUnit, bank: number): string {
  return 'shared' in portsOfBank(unit, bank) ? `port ${bank}` : `read ${bank}`;
}

/** The resource that a write of a bank takes. */
export function writePort(unit: MicrocodeUnit, bank: number): string {
  return 'shared' in portsOfBank(unit, bank) ? `port ${bank}` : `write ${bank}`;
}

/** A resource that is wanted in a cycle of a tile. */
export type PortClaim = readonly [resource: string, cycle: number];

/** What is taken in each cycle, modulo the interval. */
export class Taken {
  readonly #interval: number;
  readonly #unit: MicrocodeUnit;
  readonly #counts = new Map<string, number>();

  constructor(interval: number, unit: MicrocodeUnit) {
    this.#interval = interval;
    this.#unit = unit;
  }

  /** How often a resource may be taken in a cycle. */
  #most(resource: string): number {
    const [does = '', bank] = resource.split(' ');
    if (bank === undefined) return this.#unit.issue;
    const ports = portsOfBank(this.#unit, Number(bank));
    if ('shared' in ports) return ports.shared;
    return does === 'read' ? ports.read : ports.write;
  }

  /** Takes all that is wanted, or, if not all of it is free, nothing. */
  take(wanted: readonly PortClaim[]): boolean {
    for (const [index, claim] of wanted.entries()) {
      const key = this.#key(claim);
      const count = this.#counts.get(key) ?? 0;
      if (count >= this.#most(claim[0])) {
        this.release(wanted.slice(0, index));
        return false;
      }
      this.#counts.set(key, count + 1);
    }
    return true;
  }

  release(taken: readonly PortClaim[]): void {
    for (const claim of taken) {
      const key = this.#key(claim);
      this.#counts.set(key, (this.#counts.get(key) ?? 0) - 1);
    }
  }

  #key([resource, cycle]: PortClaim): string {
    return `${resource} ${cycle % this.#interval}`;
  }
}
