import type { CoreImage, Tally } from '../../image/index.ts';
import { append } from '../../text/index.ts';
import { failSuspended, mostSuspended } from '../checks.ts';
import type { Probe } from '../probe.ts';
import type { AddressEvent } from '../state.ts';

/** The FIFO of address events. A push into the full FIFO stalls until the head has been served. */
export class Fifo {
  readonly #image: CoreImage;
  readonly #counts: Tally;
  readonly #probe: Probe;
  readonly #serve: (event: AddressEvent) => void;
  readonly #events: AddressEvent[] = [];
  /** Pushes waiting for a free place. */
  #suspended = 0;

  /** @param serve runs the list of an event, which may push further events */
  constructor(image: CoreImage, counts: Tally, probe: Probe, serve: (event: AddressEvent) => void) {
    this.#image = image;
    this.#counts = counts;
    this.#probe = probe;
    this.#serve = serve;
  }

  get isFull(): boolean {
    return this.#events.length >= this.#image.core.fifoDepth;
  }

  /** Forgets the events. */
  empty(): void {
    this.#events.length = 0;
    this.#suspended = 0;
  }

  push(event: AddressEvent): void {
    this.#waitForPlace();
    this.#counts.pushes += 1;
    this.#events.push(event);
    this.#probe.pushed?.(event.population, event.neuron, event.spikes);
  }

  /** Serves the head until there is room, since the events that it triggers may fill the FIFO again. */
  #waitForPlace(): void {
    while (this.isFull) {
      this.#counts.stalls += 1;
      if (this.#suspended === mostSuspended) failSuspended(this.#image);
      this.#suspended += 1;
      this.#serveHead();
      this.#suspended -= 1;
    }
  }

  /** Serves events until none is left. */
  drain(): void {
    while (this.#events.length > 0) this.#serveHead();
  }

  #serveHead(): void {
    const event = this.#events.shift();
    if (event === undefined) return;
    this.#counts.pops += 1;
    this.#probe.popped?.(event.population, event.neuron, event.spikes);
    this.#serve(event);
  }

  /** The waiting events, head first. */
  get waiting(): AddressEvent[] {
    return [...this.#events];
  }

  set waiting(events: readonly AddressEvent[]) {
    this.empty();
    append(this.#events, events);
  }
}
