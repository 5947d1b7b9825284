import { numberAt } from '../../text/index.ts';
import type { Traffic } from './traffic.ts';

/** The part that set the time of a step. */
export type TimeSetter = 'sending' | 'receiving' | 'link';

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
  readonly setBy: TimeSetter;
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
  const link = busiestLink(counters.loads(), figures.linkTime ?? 0);
  const [slowest, setBy] = timeSetter(sendingTime, receivingTime, link.time);
  return {
    time: slowest + barrier,
    sending: { core: sender, time: sendingTime },
    receiving: { core: receiver, time: receivingTime },
    link,
    barrier,
    setBy,
  };
}

/** The part that takes longest. */
export function timeSetter(
  sending: number,
  receiving: number,
  link: number,
): [time: number, setBy: TimeSetter] {
  const slowest = Math.max(sending, receiving, link);
  return [slowest, slowest === sending ? 'sending' : slowest === receiving ? 'receiving' : 'link'];
}

/**
 * The link that packets occupy longest, and how long.
 *
 * @param loads of all links
 * @param linkTime how long a packet occupies a link
 */
export function busiestLink(loads: Float64Array, linkTime: number): SimpleTime['link'] {
  let busiest = 0;
  let most = 0;
  for (let link = 0; link < loads.length; link++) {
    const load = numberAt(loads, link);
    if (load <= most) continue;
    busiest = link;
    most = load;
  }
  return { link: busiest, time: most * linkTime };
}
