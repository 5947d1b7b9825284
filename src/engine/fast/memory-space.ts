import { mostPages } from './emit/events/module.ts';

const pageBytes = 65_536;
/** How much a memory that threads share may grow: a gigabyte. Nothing is reserved but addresses. */
const morePages = 2 ** 14;
/** What lies side by side shares no line of the cache. */
const lineBytes = 64;

/** A linear memory: of one core, or of several that lie in it one behind the other. */
export class MemorySpace {
  readonly memory: WebAssembly.Memory;
  /** Pages that it may have. */
  readonly #most: number;
  #end = 0;
  readonly #moves: (() => void)[] = [];

  /** @param bytes to begin with @param isShared whether threads share it */
  constructor(bytes: number, isShared = false) {
    const initial = Math.ceil(bytes / pageBytes);
    this.#most = isShared ? Math.min(initial + morePages, mostPages) : mostPages;
    this.memory = new WebAssembly.Memory(
      isShared ? { initial, maximum: this.#most, shared: true } : { initial },
    );
  }

  get buffer(): ArrayBuffer {
    return this.memory.buffer;
  }

  /** Where a further core may begin. */
  get end(): number {
    return this.#end;
  }

  /** Takes bytes at the end, and returns their address. All views are void if the memory has to grow. */
  take(bytes: number): number {
    const address = this.#end;
    this.#end = Math.ceil((address + bytes) / lineBytes) * lineBytes;
    const held = this.buffer.byteLength / pageBytes;
    const needed = Math.ceil(this.#end / pageBytes);
    if (needed > held) {
      // It doubles: Node counts all of a memory that has grown as new, and collects garbage after a few. Pages that
      // nothing touches take only addresses.
      this.memory.grow(Math.max(needed, Math.min(2 * held, this.#most)) - held);
      for (const move of this.#moves) move();
    }
    return address;
  }

  /** Has views made anew whenever the memory has grown. */
  onMove(move: () => void): void {
    this.#moves.push(move);
  }
}
