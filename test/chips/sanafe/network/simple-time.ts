import { largest, numberAt } from 'plasticore/chips';
import type { Traffic } from './traffic.ts';

/** The time of a step by its parts, in the unit of the figures. */
export interface SimpleTime {
  /** That of the slowest part, and the barrier. */
  readonly time: number;
  /** The slowest core at computing and sending, and its time. */
  readonly sending: { readonly core: number; readonly time: number };
  /** The slowest core at receiving, and its time. */
  readonly receiving: { readonly core: number; readonly time: number };
  /** The busiest link, and its time; 0 if the figures do not say how long a packet occupies a link. */
  readonly link: { readonly link: number; readonly time: number };
  readonly barrier: number;
  readonly setBy: 'sending' | 'receiving' | 'link';
}

/**
 * The time of a step without waiting except at the barrier: the slowest core at sending, the slowest at receiving or
 * the busiest link, whichever takes longest, and the barrier. A core sends and receives at the same time.
 *
 * @param barrier time of the barrier
 */
export function simpleTime(traffic: Traffic, barrier: number): SimpleTime {
  const { mesh, figures, counters, sending, receiving, pending } = traffic;
  let sender = 0;
  let sendingTime = 0;
  let receiver = 0;
  let receivingTime = 0;
  for (let core = 0; core < mesh.cores; core++) {
    const sent = numberAt(sending, core) + numberAt(pending, core);
    if (sent > sendingTime) {
      sender = core;
      sendingTime = sent;
    }
    const received = numberAt(receiving, core);
    if (received > receivingTime) {
      receiver = core;
      receivingTime = received;
    }
  }
  const loads = counters.loads();
  const load = largest(loads, 0);
  const link = { link: Math.max(0, loads.indexOf(load)), time: load * (figures.linkTime ?? 0) };
  const slowest = Math.max(sendingTime, receivingTime, link.time);
  const setBy = slowest === sendingTime ? 'sending' : slowest === receivingTime ? 'receiving' : 'link';
  return {
    time: slowest + barrier,
    sending: { core: sender, time: sendingTime },
    receiving: { core: receiver, time: receivingTime },
    link,
    barrier,
    setBy,
  };
}
