import type { Traffic } from './traffic.ts';

/** What set the time of a step. */
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
 * The time of a step if nobody waits but at the barrier: that of the slowest core at sending, of the slowest at
 * receiving or of the busiest link, whichever is longest, and the barrier. A core sends and receives side by side.
 *
 * @param barrier time of the barrier
 * @param loads room for the loads of all links, to save its allocation
 */
export function simpleTime(traffic: Traffic, barrier: number, loads?: Float64Array): SimpleTime {
  const { mesh, figures, counters, sending, receiving, pending } = traffic;
  let sender = 0;
  let sendingTime = 0;
  let receiver = 0;
  let receivingTime = 0;
  let busiest = 0;
  let linkTime = 0;
  for (let core = 0; core < mesh.cores; core++) {
    const sent = (sending[core] ?? 0) + (pending[core] ?? 0);
    if (sent > sendingTime) {
      sender = core;
      sendingTime = sent;
    }
    const received = receiving[core] ?? 0;
    if (received > receivingTime) {
      receiver = core;
      receivingTime = received;
    }
  }
  if (figures.linkTime !== undefined && counters.hops > 0) {
    const carried = counters.loads(loads);
    for (let link = 0; link < carried.length; link++) {
      const time = (carried[link] ?? 0) * figures.linkTime;
      if (time > linkTime) {
        busiest = link;
        linkTime = time;
      }
    }
  }
  const slowest = Math.max(sendingTime, receivingTime, linkTime);
  return {
    time: slowest + barrier,
    sending: { core: sender, time: sendingTime },
    receiving: { core: receiver, time: receivingTime },
    link: { link: busiest, time: linkTime },
    barrier,
    setBy: slowest === sendingTime ? 'sending' : slowest === receivingTime ? 'receiving' : 'link',
  };
}
