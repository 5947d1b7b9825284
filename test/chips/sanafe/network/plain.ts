/*
 * The detailed model of time as test/golden's recordings describe it, in objects and lists; it shares no code with
 * `src`.
 */

export interface Timed {
  readonly number: number;
  readonly time: number;
}

/** Python's heapq.heappush. */
export function push<Item extends { readonly time: number }>(heap: Item[], item: Item): void {
  heap.push(item);
  siftDown(heap, 0, heap.length - 1);
}

/** Python's heapq.heappop. */
export function pop<Item extends { readonly time: number }>(heap: Item[]): Item | undefined {
  const last = heap.pop();
  const [first] = heap;
  if (last === undefined || first === undefined) return last;
  heap[0] = last;
  siftUp(heap, 0);
  return first;
}

function siftDown<Item extends { readonly time: number }>(heap: Item[], start: number, from: number): void {
  let at = from;
  const item = item_(heap, at);
  while (at > start) {
    const parent = (at - 1) >> 1;
    if (!(item.time < item_(heap, parent).time)) break;
    heap[at] = item_(heap, parent);
    at = parent;
  }
  heap[at] = item;
}

function siftUp<Item extends { readonly time: number }>(heap: Item[], start: number): void {
  let at = start;
  const item = item_(heap, at);
  let child = 2 * at + 1;
  while (child < heap.length) {
    const right = child + 1;
    if (right < heap.length && !(item_(heap, child).time < item_(heap, right).time)) child = right;
    heap[at] = item_(heap, child);
    at = child;
    child = 2 * at + 1;
  }
  heap[at] = item;
  siftDown(heap, start, at);
}

function item_<Item>(items: readonly Item[], at: number): Item {
  const item = items[at];
  if (item === undefined) throw new Error(`nothing at ${at}`);
  return item;
}

/** A packet, or the rest of a core's work if it has no destination. */
export interface PlainEntry {
  readonly delay: number;
  readonly packet?: {
    readonly to: number;
    readonly processing: number;
    /** Names of links, the port first. */
    readonly route: readonly string[];
    readonly shortest: number;
  };
}

/** The time at which the last packet is processed, without the barrier. */
export function plainDetailed(byCore: ReadonlyMap<number, readonly PlainEntry[]>, depth: number): number {
  const density = new Map<string, number>();
  const free = new Map<number, number>();
  const flying = new Map<number, { processing: number; received: number; route: readonly string[] }[]>();
  let [mean, count, last] = [0, 0, 0];
  const queue: { core: number; index: number; time: number }[] = [];
  for (const [core, entries] of [...byCore].sort(([a], [b]) => a - b)) {
    const [first] = entries;
    if (first !== undefined) push(queue, { core, index: 0, time: first.delay });
  }
  for (let next = pop(queue); next !== undefined; next = pop(queue)) {
    const { core, index } = next;
    let sent = next.time;
    last = Math.max(last, sent);
    for (const [, packets] of [...flying].sort(([a], [b]) => a - b)) {
      while (packets[0] !== undefined && packets[0].received <= sent) {
        const [gone] = packets.splice(0, 1);
        if (gone === undefined) break;
        for (const link of gone.route)
          density.set(link, (density.get(link) ?? 0) - 1 / (gone.route.length + 1));
        mean = count > 1 ? mean + (mean - gone.processing) / (count - 1) : 0;
        count -= 1;
      }
    }
    const entries = byCore.get(core) ?? [];
    const { packet } = item_(entries, index);
    if (packet !== undefined) {
      const { to, processing, route, shortest } = packet;
      const along = route.reduce((sum, link) => sum + (density.get(link) ?? 0), 0);
      const capacity = route.length * depth;
      if (along > capacity) sent += (along - capacity) * mean;
      const arrival = sent + Math.max(shortest, (along * mean) / route.length);
      const received = Math.max(free.get(to) ?? 0, arrival);
      const processed = Math.max((free.get(to) ?? 0) + processing, arrival + processing);
      free.set(to, processed);
      for (const link of route) density.set(link, (density.get(link) ?? 0) + 1 / (route.length + 1));
      mean += (processing - mean) / (count + 1);
      count += 1;
      flying.set(to, [...(flying.get(to) ?? []), { processing, received, route }]);
      last = Math.max(last, processed);
    }
    const following = entries[index + 1];
    if (following === undefined) continue;
    last = Math.max(last, sent + following.delay);
    push(queue, { core, index: index + 1, time: sent + following.delay });
  }
  return last;
}
