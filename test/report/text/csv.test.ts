import { expect, test } from 'vitest';
import { stepsCsv } from '../../../src/report/index.ts';
import { csv } from '../../../src/report/text/columns.ts';

test('steps.csv has a line for each step of each sample, in seconds and joules, and a column for each unit', () => {
  const still = { fired: 0, updated: 2, packets: 0, hops: 0, sops: 0 };
  const steps = [
    { fired: 3, updated: 2, packets: 2, hops: 5, sops: 12, timePs: 1_019_800, energyPj: { network: 256 } },
    { ...still, timePs: 1_000_000, energyPj: { network: 0, 'state bank': 512 } },
    { ...still, timePs: 500_000, energyPj: {} },
  ];
  expect(stepsCsv([2, 1], steps)).toBe(
    `sample,step,fired,updated,packets,hops,spikes,sim_time,total_energy,network_energy,state_bank_energy
0,0,3,2,2,5,12,0.0000010198,2.56e-10,2.56e-10,0
0,1,0,2,0,0,0,0.000001,5.12e-10,0,5.12e-10
1,0,0,2,0,0,0,5e-7,0,0,0
`,
  );
});

test('steps.csv leaves energies empty that nobody knows', () => {
  const step = { fired: 1, updated: 2, packets: 0, hops: 0, sops: 3, timePs: 1_000_000, energyPj: {} };
  expect(stepsCsv([1], [step])).toBe(
    'sample,step,fired,updated,packets,hops,spikes,sim_time,total_energy\n0,0,1,2,0,0,3,0.000001,\n',
  );
});

test('a cell of text that a spreadsheet would compute begins with an apostrophe; numbers are as they are', () => {
  const texts = ["=cmd|' /C calc'!A0", '+1+1', '-x', '@SUM(A1)', '\tx', '=a,b'];
  const numbers = ['-3', '+4e-2', '-0.5', -7, '-', 'a=b'];
  expect(csv([texts, numbers])).toBe(
    `'=cmd|' /C calc'!A0,'+1+1,'-x,'@SUM(A1),'\tx,"'=a,b"\n-3,+4e-2,-0.5,-7,-,a=b\n`,
  );
});
