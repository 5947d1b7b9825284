/**
 * Catalyst N1 (github.com/catalyst-neuromorphic/catalyst-n1), an open many-core that learns: a stranger's chip,
 * described beside its hw-model. What its cores compute is microcode (neurons.uc, traces.uc, synapses.uc, and the words of
 * recordings); these modules have the order of visits, queues, tables, the generator and the clock.
 */
import { goldenFormat } from 'plasticore/chips';
import { formatName, n1Schema } from './format.mjs';
import { replayN1 } from './replay.mjs';

export default {
  name: 'n1',
  golden: async () => [goldenFormat(formatName, n1Schema, replayN1)],
};
